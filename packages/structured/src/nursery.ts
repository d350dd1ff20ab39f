// A nursery: the block that children run in, and that does not end before they have.
import { block, type Body, type Frame } from "./block.js";
import { CancelScope, catches, enterScope, leaveScope } from "./cancel-scope.js";
import { ChildGroup, groupOf } from "./child-group.js";
import { NurseryClosedError } from "./nursery-closed-error.js";
import type { Operation, StructuredFunction, Suspended } from "./operation.js";
import { startIn, type TaskStatus } from "./start.js";
import { returning } from "./suspend.js";
import type { TaskRecord } from "./task-record.js";
import type { Task } from "./task.js";

/**
 * The place that children are started in. It is open from the beginning of its block until the last child has ended, and
 * lets children in from wherever the reference to it gets: other tasks, plain callbacks.
 *
 * Source: Trio's Nursery. Flavor: structured.
 */
export interface Nursery {
  /** The scope of the body and all children: cancel it, shield it, or move its deadline. */
  readonly cancelScope: CancelScope;
  /** The children that have not ended, in the order in which they came. */
  readonly childTasks: readonly Task<unknown>[];
  /** The task that opened it, and waits for the children. */
  readonly parentTask: Task<unknown>;
  /** Whether the block has ended, so that no child may come any more. */
  readonly isClosed: boolean;
  /**
   * Starts a child, which has its first turn in the next round. It runs in the nursery's scopes, not in the caller's. Its
   * error cancels the others and comes out of the nursery's block.
   *
   * @throws NurseryClosedError; WrongFlavorError for an async function, a promise and the like
   */
  startSoon<A extends unknown[], T>(fn: StructuredFunction<A, T>, ...args: A): Task<T>;
  /**
   * Starts a child and waits until it reports that it is ready, with `status.started(value)`; gives that value. Until then
   * the child runs in the caller's scopes and its error comes out of here; then it moves into the nursery. A cancellation of
   * the nursery before that cancels the child.
   *
   * @throws the child's error; NotStartedError where it ended without a report, or was cancelled with the nursery;
   * NurseryClosedError
   */
  start<V, A extends unknown[]>(
    fn: StructuredFunction<[status: TaskStatus<V>, ...args: A], unknown>,
    ...args: A
  ): Operation<V>;
}

/**
 * Opens a nursery and runs a body in it. Waits for the body and for all children.
 *
 * The first failure of body or child cancels the rest. Errors come out as one ExceptionGroup, also a single one; where there
 * was nothing but cancellation, one Cancelled comes out, or none where the nursery's own scope was cancelled: then the
 * value of a body that was cut off is undefined. The end takes a round of the scheduler and is not a checkpoint.
 *
 * Source: Trio, with groups that hold no Cancelled. Flavor: structured.
 *
 * @param body receives the nursery, then `args`
 * @throws ExceptionGroup of all errors of body and children, in the order of arrival
 * @example
 * ```ts
 * import { openNursery, run, sleep } from "@trestle/structured";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     nursery.startSoon(sleep, 10);
 *     nursery.startSoon(sleep, 20);
 *   }),
 * ); // after 20 ms
 * ```
 */
export function openNursery<A extends unknown[], T>(
  body: Body<Nursery, A, T>,
  ...args: A
): Operation<T> {
  return block(new NurseryFrame<T>(), body, args);
}

class NurseryFrame<T> implements Frame<Nursery, T, T> {
  readonly action = "open a nursery";
  readonly #scope = new CancelScope();
  #group: ChildGroup | undefined;
  #value: T | undefined;

  enter(task: TaskRecord): Nursery {
    const node = enterScope(this.#scope, task);
    this.#group = new ChildGroup(task, node, "nursery");
    const nursery = new OpenNursery(this.#scope, this.#group);
    node.nursery = nursery;
    task.runner.instruments?.emit("nurseryOpened", nursery, task);
    return nursery;
  }

  leave(_task: TaskRecord, failed: boolean, value: unknown): IteratorResult<Suspended, T> {
    const group = this.#group as ChildGroup;
    if (failed) group.bodyFailed(value);
    else this.#value = value as T;
    return group.waitForChildren();
  }

  resume(task: TaskRecord): IteratorResult<Suspended, T> {
    task.take();
    const group = this.#group as ChildGroup;
    const error = group.gather() ?? group.cancelled;
    const caught = catches(this.#scope, error);
    const nursery = group.node.nursery as Nursery;
    task.runner.instruments?.emit("nurseryClosed", nursery, task);
    leaveScope(this.#scope, task);
    if (error !== undefined && !caught) throw error;
    return returning(this.#value as T);
  }
}

class OpenNursery implements Nursery {
  readonly cancelScope: CancelScope;
  /** For `startWith`. */
  readonly [groupOf]: ChildGroup;

  constructor(scope: CancelScope, group: ChildGroup) {
    this.cancelScope = scope;
    this[groupOf] = group;
  }

  get childTasks(): readonly Task<unknown>[] {
    return this[groupOf].children;
  }

  get parentTask(): Task<unknown> {
    return this[groupOf].parent;
  }

  get isClosed(): boolean {
    return this[groupOf].isClosed;
  }

  startSoon<A extends unknown[], T>(fn: StructuredFunction<A, T>, ...args: A): Task<T> {
    if (this[groupOf].isClosed) throw new NurseryClosedError(fn);
    return this[groupOf].spawn(fn, args) as Task<unknown> as Task<T>;
  }

  start<V, A extends unknown[]>(
    fn: StructuredFunction<[status: TaskStatus<V>, ...args: A], unknown>,
    ...args: A
  ): Operation<V> {
    return startIn(this[groupOf], fn, args);
  }
}
