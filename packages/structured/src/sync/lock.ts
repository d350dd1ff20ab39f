import { describe } from "@trestle/host";
import { ambient, requireTask, type Place } from "../ambient.js";
import { isCancelled } from "../cancelled.js";
import { LinkedList } from "../linked-list.js";
import type { Operation, StructuredFunction } from "../operation.js";
import { howToSeePlaces } from "../scope-left-open-error.js";
import type { EndWatcher } from "../task-parties.js";
import type { TaskRecord } from "../task-record.js";
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
 * broken: those who wait, and all who come later, get a BrokenResourceError that names the holder, and has the error that it
 * ended with for its cause.
 *
 * Source: Trio's Lock. Flavor: structured.
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
  #isBroken = false;
  /** Where its holder acquired it; undefined where nobody traces places. */
  #acquiredAt: Place | undefined;
  /** Those who wait in `acquire`, and those whom a condition has notified. */
  readonly #queue = new LinkedList<Waiter<void, unknown>>();
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
  isHeldBy(task: TaskRecord): boolean {
    return this.#owner === task;
  }

  /** Lets one who waits for something else wait for the lock. Only for the task that holds it. @internal */
  adopt(waiter: Waiter<void, unknown>): void {
    waiter.moveTo(this.#queue);
  }

  /** @internal */
  attempt(waiter: Waiter<void>): boolean {
    if (this.#isBroken) throw this.#brokenError(this.#owner as TaskRecord);
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
    task.watch(this.#ending);
    this.#acquiredAt = ambient.places?.ofHolder(task);
  }

  #drop(): void {
    this.#owner?.unwatch(this.#ending);
    this.#owner = undefined;
  }

  #break(owner: TaskRecord): void {
    this.#isBroken = true;
    for (let waiter = this.#queue.first; waiter !== null; waiter = this.#queue.first)
      waiter.fail(this.#brokenError(owner));
  }

  #brokenError(owner: TaskRecord): BrokenResourceError {
    const places = ambient.places?.ofLeftover("acquired", this.#acquiredAt, owner);
    return broken(owner, places?.text ?? howToSeePlaces);
  }
}

function broken(owner: TaskRecord, places: string): BrokenResourceError {
  const { ending } = owner;
  const advice = `\n${places}Use 'lock.hold', which always releases`;
  if (!owner.hasFailed || isCancelled(ending)) {
    const end = owner.hasFailed ? "was cancelled" : "ended";
    const why = `task '${owner.name}' ${end} while it held it.${advice}`;
    return new BrokenResourceError("acquire the lock", why);
  }
  const why = `task '${owner.name}' failed while it held it, with ${describe(ending)}.${advice}`;
  return new BrokenResourceError("acquire the lock", why, { cause: ending });
}
