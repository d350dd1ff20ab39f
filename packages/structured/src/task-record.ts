// A task: a generator with its place in the ready queue and in the cancel tree.
//
//   phase      meaning                                   left by
//   RUNNING    its code runs, or has not begun           park, yieldTurn (its own code)
//   WAITING    parked at something, or in the queue      the runner's next turn
//   RESUMED    the turn has begun, nobody took why       take (the operation that waited)
//   CALLING    it has entered a block, whose body has    the runner, which begins the body
//              not begun
//   ENDED      the generator returned or threw           nothing
//
// `parked` says which kind of WAITING: what the task is parked at, or null when it is in the ready queue already. Only a
// parked task can be aborted, and each parking is offered one cancellation.
import { failure, InternalError, success, type Outcome } from "@trestle/host";
import { contextOfChild, contexts, type AsyncContext } from "#async-context";
import { ambient } from "./ambient.js";
import type { CancelMember, CancelNode } from "./cancel-node.js";
import { isCancelled, makeCancelled, type CancelCause, type Cancelled } from "./cancelled.js";
import type { Variables } from "./context-var.js";
import { callStructured } from "./operation-of.js";
import type { Operation, OperationIterator, StructuredFunction } from "./operation.js";
import { Join } from "./join.js";
import type { Nursery } from "./nursery.js";
import type { Runner } from "./runner.js";
import type { Task } from "./task.js";
import { ENDED, RESUMED, RUNNING, WAITING, type Phase } from "./phase.js";
import { mustPause, pause } from "./swallowed.js";
import { TaskBusyError } from "./task-busy-error.js";
import { closeNodes, insertOwnNode } from "./task-nodes.js";
import type { EndWatcher, OpenBlock, Parked, TaskOwner } from "./task-parties.js";

export class TaskRecord implements CancelMember, Task<unknown> {
  readonly runner: Runner;
  readonly label: { readonly name: string };
  owner: TaskOwner;
  node: CancelNode;
  previousMember: CancelMember | null = null;
  nextMember: CancelMember | null = null;
  /** The innermost one: that of the body of `block`, else the task's own. Undefined once the task has ended. */
  iterator: OperationIterator<unknown> | undefined = undefined;
  /** The innermost block that the task is in. */
  block: OpenBlock | null = null;
  phase: Phase = RUNNING;
  parked: Parked | null = null;
  nextReady: TaskRecord | null = null;
  /** The context variables, those of whoever made the task to begin with. */
  variables: Variables | undefined = ambient.task?.variables;
  /** The platform's async context, where one is kept. */
  context: AsyncContext | undefined = undefined;
  #offered = false;
  #failed = false;
  #value: unknown = undefined;
  /** How many Cancelleds it was thrown by the scope that cancels it now. */
  #cancelleds = 0;
  /** The node of `cancel` of this task alone; most tasks never need one. */
  #ownNode: CancelNode | undefined;
  /** Those who are told of the end, in the order in which they came. */
  firstWatcher: EndWatcher | null = null;
  #lastWatcher: EndWatcher | null = null;

  /** @param given the async context, in place of a copy of the current one */
  constructor(
    runner: Runner,
    label: { readonly name: string },
    owner: TaskOwner,
    given?: AsyncContext,
  ) {
    this.runner = runner;
    this.label = label;
    this.owner = owner;
    this.node = owner.node;
    // In a task nothing has to be asked while no storage is in use.
    if (contexts.inUse || ambient.task === undefined)
      this.context = contextOfChild(runner.context, given);
  }

  /**
   * Calls the task's function, as the task's own code: it may return an operation that it has made with `currentTime()`, or
   * set a variable. What it throws is the caller's to handle.
   */
  begin<A extends unknown[]>(fn: StructuredFunction<A, unknown>, args: A, action: string): void {
    const previous = ambient.task;
    ambient.task = this;
    try {
      this.iterator = callStructured(fn, args, action)[Symbol.iterator]();
    } finally {
      ambient.task = previous;
    }
  }

  get name(): string {
    return this.label.name || "anonymous";
  }

  get parentNursery(): Nursery | undefined {
    return this.owner.node.nursery;
  }

  get eventualParentNursery(): Nursery | undefined {
    return this.owner.target?.node.nursery;
  }

  get childNurseries(): readonly Nursery[] {
    const nurseries: Nursery[] = [];
    for (let { node } = this; node !== this.owner.node; node = node.parent as CancelNode)
      if (node.nursery !== undefined) nurseries.unshift(node.nursery);
    return nurseries;
  }

  get isCancelled(): boolean {
    return this.node.catcher !== null;
  }

  /** For an operation's `next`: whether this is the second call, that of a resumed task. */
  isResumed(): boolean {
    if (this.phase === RESUMED) return true;
    if (this.phase !== RUNNING) throw new TaskBusyError(this.name);
    this.runner.instruments?.emit("taskCheckpoint", this);
    return false;
  }

  /** Gives or throws what the task was woken with. */
  take(): unknown {
    this.phase = RUNNING;
    const value = this.#value;
    this.#value = undefined;
    if (!this.#failed) return value;
    this.#failed = false;
    throw value;
  }

  /** Goes into a block: its body is what the runner resumes from now on. */
  enterBlock(block: OpenBlock, body: OperationIterator<unknown>): void {
    block.outerIterator = this.iterator;
    block.outerBlock = this.block;
    this.block = block;
    this.iterator = body;
  }

  /** The body with that iterator has ended; answers false where it was the task's own, so that the task has ended. */
  leaveBlock(body: OperationIterator<unknown>, failed: boolean, value: unknown): boolean {
    // Blocks further in were left behind by somebody who drove them by hand.
    while (this.iterator !== body) this.forgetBlock();
    const { block } = this;
    if (block === null) {
      this.end(failed, value);
      return false;
    }
    this.forgetBlock();
    block.bodyEnded(failed, value);
    return true;
  }

  /** Takes out the innermost block. */
  forgetBlock(): void {
    const block = this.block as OpenBlock;
    this.iterator = block.outerIterator;
    this.block = block.outerBlock;
    block.outerIterator = undefined;
    block.outerBlock = null;
  }

  /** Leaves the turn, to be resumed by `wake` or `wakeWithError`. */
  park(at: Parked): void {
    this.phase = WAITING;
    this.parked = at;
    this.#offered = false;
    this.runner.instruments?.emit("taskBlocked", this, String(at));
  }

  /** Leaves the turn, to be resumed with `value` after one round. Nothing can abort that. */
  yieldTurn(value?: unknown): void {
    this.phase = WAITING;
    this.#value = value;
    this.runner.ready(this);
  }

  /** Leaves the turn of a cancelled task, to be resumed after one round, and to look then. */
  yieldTurnCancelled(): void {
    this.phase = WAITING;
    this.#readyCancelled();
  }

  /** Leaves the turn of a cancelled task, to be resumed with Cancelled after one round. */
  yieldCancelled(): void {
    this.phase = WAITING;
    this.#failed = true;
    this.#value = this.cancelled();
    this.#readyCancelled();
  }

  /** Ends the parking with a value. Does nothing to a task that has ended, and left an operation behind by hand. */
  wake(value: unknown): void {
    if (this.phase === ENDED) return;
    this.parked = null;
    this.#value = value;
    this.runner.ready(this);
  }

  /** Ends the parking with an error. */
  wakeWithError(error: unknown): void {
    if (this.phase !== ENDED) this.#failed = true;
    this.wake(error);
  }

  /** Goes back out of a node that the task has gone into last. */
  leaveNode(node: CancelNode): void {
    if (this.node !== node) {
      throw new InternalError(
        `Cannot leave a cancel scope or nursery of task '${this.name}': it is not the innermost one that is open.`,
      );
    }
    if (node.catcher === node) this.#cancelleds = 0;
    this.node = node.parent as CancelNode;
    node.detach();
  }

  /** The error for a checkpoint of this task, which is cancelled. */
  cancelled(): Cancelled {
    this.#cancelleds++;
    return makeCancelled(this.node.catcher as CancelNode);
  }

  /** Offers the cancellation to what the task is parked at, if the task is cancelled and has not offered it yet. */
  offerCancel(): void {
    if (this.node.catcher !== null) this.deliver();
  }

  noteCancel({ scope, cause }: CancelNode): void {
    if (scope !== undefined)
      this.runner.instruments?.emit("scopeCancelled", scope, cause as CancelCause);
  }

  deliver(): void {
    const { parked } = this;
    if (parked === null || this.#offered) return;
    this.#offered = true;
    const previous = ambient.task;
    ambient.task = this;
    const cancelled = this.cancelled();
    if (parked.withdraw(this, cancelled)) {
      this.parked = null;
      this.#failed = true;
      this.#value = cancelled;
      this.#readyCancelled();
    }
    ambient.task = previous;
  }

  join(): Operation<unknown> {
    return new Join(this);
  }

  /** The node of this task alone, made when it is asked for: outside of all that the task has opened. */
  get ownNode(): CancelNode {
    return (this.#ownNode ??= insertOwnNode(this));
  }

  /** Cancels this task alone, with all that it started. */
  cancel(reason?: unknown): void {
    if (this.phase === ENDED) return;
    this.ownNode.cancel({ kind: "explicit", reason, task: ambient.task?.name });
  }

  /** Records how the task ended, and tells its owner and then those who watch it. */
  end(failed: boolean, value: unknown): void {
    const leftOpen = closeNodes(this, this.#ownNode);
    this.phase = ENDED;
    this.parked = null;
    this.iterator = undefined;
    this.#failed = failed || leftOpen !== undefined;
    this.#value = failed ? value : (leftOpen ?? value);
    this.context = undefined;
    this.runner.instruments?.emit("taskExited", this, this.outcome as Outcome<unknown>);
    this.owner.childExited(this);
    for (let watcher = this.firstWatcher; watcher !== null; watcher = this.firstWatcher) {
      this.unwatch(watcher);
      watcher.taskEnded(this);
    }
  }

  /** Whether the task ended with an error. */
  get hasFailed(): boolean {
    return this.phase === ENDED && this.#failed;
  }

  /** Whether it ended by its own `cancel`, which is nobody else's business. */
  get wasCancelledAlone(): boolean {
    const own = this.#ownNode;
    return own !== undefined && own.catcher === own && this.hasFailed && isCancelled(this.#value);
  }

  /** The value or the error that the task ended with. */
  get ending(): unknown {
    return this.phase === ENDED ? this.#value : undefined;
  }

  get outcome(): Outcome<unknown> | undefined {
    if (this.phase !== ENDED) return undefined;
    return this.#failed ? failure(this.#value) : success(this.#value);
  }

  /** Tells somebody of the end. */
  watch(watcher: EndWatcher): void {
    watcher.before = this.#lastWatcher;
    if (this.#lastWatcher === null) this.firstWatcher = watcher;
    else this.#lastWatcher.after = watcher;
    this.#lastWatcher = watcher;
  }

  unwatch(watcher: EndWatcher): void {
    const { before, after } = watcher;
    if (before === null) this.firstWatcher = after;
    else before.after = after;
    if (after === null) this.#lastWatcher = before;
    else after.before = before;
    watcher.before = watcher.after = null;
  }

  #readyCancelled(): void {
    if (mustPause(this.#cancelleds)) pause(this, this.#cancelleds);
    else this.runner.ready(this);
  }
}

/** Tells a task from the other members of a cancel node, also one that another copy of this package made. */
export function isTask(member: CancelMember): member is TaskRecord {
  return "iterator" in member;
}
