import { requireTask } from "../ambient.js";
import { LinkedList } from "../linked-list.js";
import type { Operation, StructuredFunction } from "../operation.js";
import type { EndWatcher, TaskRecord } from "../task-record.js";
import type { Task } from "../task.js";
import { holding } from "./hold.js";
import { BrokenResourceError, RelockError, ReleaseError, WouldBlock } from "./resource-errors.js";
import { Waiter, type Waitable } from "./waiter.js";

/** What a Lock counts. */
export interface LockStatistics {
  readonly locked: boolean;
  readonly owner: Task<unknown> | undefined;
  readonly tasksWaiting: number;
}

/**
 * A lock that one task holds at a time, handed on in the order of waiting. When its holder ends without releasing it, it is
 * broken: those who wait, and all who come later, get a BrokenResourceError that names the holder.
 *
 * Source: Trio's Lock and StrictFIFOLock. Flavor: structured.
 *
 * @example
 * ```ts
 * import { Lock, run, sleep } from "@trestle/structured";
 *
 * const lock = new Lock();
 * await run(() => lock.hold(() => sleep(10)));
 * ```
 */
export class Lock implements Waitable<void, undefined> {
  #owner: TaskRecord | undefined;
  #brokenBy: string | undefined;
  readonly #queue = new LinkedList<Waiter<void>>();
  readonly #ending: EndWatcher = {
    before: null,
    after: null,
    taskEnded: (task) => this.#break(task),
  };

  /** Whether a task holds it, or has died holding it. */
  get locked(): boolean {
    return this.#owner !== undefined;
  }

  /**
   * Waits for the lock. A cancellation ends the wait, and then the lock is not held.
   *
   * @throws RelockError where this task holds it; BrokenResourceError where its holder has died
   */
  acquire(): Operation<void> {
    return new Waiter(this, undefined);
  }

  /**
   * Takes the lock if it is free.
   *
   * @throws WouldBlock; RelockError where this task holds it
   */
  acquireNowait(): void {
    const task = requireTask("acquire a lock");
    if (!this.#take(task)) throw new WouldBlock(`acquire ${this.awaited()}`);
  }

  /**
   * Gives the lock to the task that has waited longest, at once; it returns without a round of the scheduler.
   *
   * @throws ReleaseError where another task holds it, or none
   */
  release(): void {
    const task = requireTask("release a lock");
    if (this.#owner !== task) {
      throw new ReleaseError(`Cannot release the lock: task '${task.name}' does not hold it.`);
    }
    this.#drop();
    const heir = this.#queue.first;
    if (heir === null) return;
    this.#give(heir.task);
    heir.succeed();
  }

  /** Runs a body while holding the lock. Waits for the lock and for the body. */
  hold<A extends unknown[], T>(body: StructuredFunction<A, T>, ...args: A): Operation<T> {
    return holding(this, body, args);
  }

  statistics(): LockStatistics {
    return { locked: this.locked, owner: this.#owner, tasksWaiting: this.#queue.size };
  }

  /** @internal */
  awaited(): string {
    return this.#owner === undefined ? "a lock" : `a lock that task '${this.#owner.name}' holds`;
  }

  /** @internal */
  attempt(waiter: Waiter<void>): boolean {
    if (this.#brokenBy !== undefined) throw this.#broken(this.#brokenBy);
    return this.#take(waiter.task) || waiter.enqueue(this.#queue);
  }

  #take(task: TaskRecord): boolean {
    if (this.#owner === task) {
      throw new RelockError(
        `Cannot acquire the lock again in task '${task.name}': it holds it already, and would wait for itself.`,
      );
    }
    if (this.#owner !== undefined) return false;
    this.#give(task);
    return true;
  }

  #give(task: TaskRecord): void {
    this.#owner = task;
    task.watchers.push(this.#ending);
  }

  #drop(): void {
    this.#owner?.watchers.remove(this.#ending);
    this.#owner = undefined;
  }

  #break(owner: TaskRecord): void {
    this.#brokenBy = owner.name;
    const error = this.#broken(owner.name);
    for (let waiter = this.#queue.first; waiter !== null; waiter = this.#queue.first)
      waiter.fail(error);
  }

  #broken(owner: string): BrokenResourceError {
    return new BrokenResourceError(
      "acquire the lock",
      `task '${owner}' ended while it held it.\nUse 'lock.hold', which always releases`,
    );
  }
}
