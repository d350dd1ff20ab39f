// A condition: a lock, and a line of tasks that wait under it for news.
//
//   waiting ── notify ──▶ notified, in the line of the lock ── the lock is handed over ──▶ wait ends, the lock is held
//      └── cancelled: takes the lock again, in a shield, and throws
//
// A waiter that was notified is committed: the news is its own, so a cancellation cannot take it away from everybody. It would
// have to wait for the lock anyway.
import { ArgumentError, describe } from "@trestle/host";
import { requireTask } from "../ambient.js";
import { CancelScope } from "../cancel-scope.js";
import { checkpoint } from "../checkpoint.js";
import { LinkedList } from "../linked-list.js";
import type { Operation, StructuredFunction } from "../operation.js";
import type { TaskRecord } from "../task-record.js";
import { checkCount } from "./count.js";
import { holding } from "./hold.js";
import { Lock, type LockStatistics } from "./lock.js";
import { LockNotHeldError } from "./resource-errors.js";
import { Waiter, type Waitable } from "./waiter.js";
import { refusingAwait } from "../refusing-await.js";

/** What a Condition counts. */
export interface ConditionStatistics {
  /** Those who wait for news; who was notified waits for the lock. */
  readonly tasksWaiting: number;
  readonly lockStatistics: LockStatistics;
}

/** Whether a waiter has been notified. */
interface News {
  isKnown: boolean;
}

/**
 * A lock under which tasks wait until others tell them that something has changed.
 *
 * Source: Trio's Condition, with asyncio's `wait_for`. Flavor: structured.
 *
 * @example
 * ```ts
 * import { Condition, openNursery, run, type Operation } from "@trestle/structured";
 *
 * const changed = new Condition();
 * const jobs: string[] = [];
 *
 * function* work(): Operation<void> {
 *   yield* changed.waitFor(() => jobs.length > 0);
 *   console.log(jobs.shift());
 * }
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     nursery.startSoon(() => changed.hold(work));
 *     yield* changed.hold(function* () {
 *       jobs.push("sweep");
 *       changed.notify();
 *     });
 *   }),
 * );
 * ```
 */
export class Condition implements Waitable<void, News> {
  readonly #lock: Lock;
  readonly #queue = new LinkedList<Waiter<void, News>>();

  /**
   * @param lock the lock to use, a new one unless given; several conditions may share one
   * @throws ArgumentError for what is no Lock
   */
  constructor(lock: Lock = new Lock()) {
    if (!(lock instanceof Lock)) {
      throw new ArgumentError(
        `Cannot make a 'Condition' with ${describe(lock)}: a Lock is wanted, or nothing.`,
      );
    }
    this.#lock = lock;
  }

  /** Whether a task holds the lock, or has died holding it. */
  get locked(): boolean {
    return this.#lock.locked;
  }

  /** Waits for the lock. See `Lock.acquire`. @throws RelockError, BrokenResourceError */
  acquire(): Operation<void> {
    return this.#lock.acquire();
  }

  /** Takes the lock if it is free. @throws WouldBlock, RelockError */
  acquireNowait(): void {
    this.#lock.acquireNowait();
  }

  /** Gives the lock to the task that has waited longest. @throws ReleaseError where this task does not hold it */
  release(): void {
    this.#lock.release();
  }

  /** Runs a body while holding the lock. Waits for the lock and for the body. */
  hold<A extends unknown[], T>(body: StructuredFunction<A, T>, ...args: A): Operation<T> {
    return holding(this, body, args);
  }

  /**
   * Lets go of the lock, waits to be notified, and takes the lock again. Look then whether what you wait for is there: others
   * may have been faster.
   *
   * A cancellation ends the wait until it is notified. Cancelled or not, the lock is held afterwards, and taking it again is
   * shielded: it takes as long as others hold it. Once notified, the wait ends normally, and the next checkpoint throws.
   *
   * @throws LockNotHeldError where this task does not hold the lock; BrokenResourceError where the lock cannot be taken
   * again, because its holder has died
   */
  wait(): Operation<void> {
    return refusingAwait(() => this.#wait());
  }

  *#wait(): Operation<void> {
    const task = this.#requireLock("wait for the condition");
    try {
      yield* new Waiter<void, News>(this, { isKnown: false });
    } catch (error) {
      // One that was cancelled before it began has never let go.
      if (!this.#lock.isHeldBy(task))
        yield* new CancelScope({ shield: true }).run(acquire, this.#lock);
      throw error;
    }
  }

  /**
   * Waits, again and again, until a predicate holds. It is looked at while the lock is held, first after a checkpoint.
   *
   * A cancellation ends it, as it does `wait`; the lock is held afterwards.
   *
   * @param predicate tells whether to go on; it is called after the checkpoint, and after each notification
   * @throws LockNotHeldError; BrokenResourceError; ArgumentError where the predicate gives no boolean; what it throws
   */
  waitFor(predicate: () => boolean): Operation<void> {
    return refusingAwait(() => this.#waitFor(predicate));
  }

  *#waitFor(predicate: () => boolean): Operation<void> {
    this.#requireLock("wait for the condition");
    yield* checkpoint();
    while (!holds(predicate)) yield* this.#wait();
  }

  /**
   * Notifies those who have waited longest. They have their turns when the lock is theirs, one after another; it returns
   * at once, with the lock still held.
   *
   * @param count how many at most, a whole number, 0 or more, or Infinity
   * @throws LockNotHeldError where this task does not hold the lock; ArgumentError for other counts
   */
  notify(count = 1): void {
    checkCount(count, "notify");
    this.#requireLock("notify the condition");
    for (let left = Math.min(count, this.#queue.size); left > 0; left--) {
      const waiter = this.#queue.first as Waiter<void, News>;
      waiter.subject.isKnown = true;
      this.#lock.adopt(waiter);
    }
  }

  /** Notifies all who wait. @throws LockNotHeldError where this task does not hold the lock */
  notifyAll(): void {
    this.notify(Infinity);
  }

  statistics(): ConditionStatistics {
    return { tasksWaiting: this.#queue.size, lockStatistics: this.#lock.statistics() };
  }

  /** @internal */
  awaited(waiter: Waiter<void, News>): string {
    return waiter.subject.isKnown ? this.#lock.awaited() : "the notification of a condition";
  }

  /** @internal */
  attempt(waiter: Waiter<void, News>): boolean {
    this.#lock.release();
    return waiter.enqueue(this.#queue);
  }

  /** @internal */
  isCommitted(waiter: Waiter<void, News>): boolean {
    return waiter.subject.isKnown;
  }

  #requireLock(action: string): TaskRecord {
    const task = requireTask(action);
    if (!this.#lock.isHeldBy(task)) throw new LockNotHeldError(action, task.name);
    return task;
  }
}

function acquire(_scope: CancelScope, lock: Lock): Operation<void> {
  return lock.acquire();
}

function holds(predicate: () => boolean): boolean {
  const answer: unknown = predicate();
  // A promise or an operation would always hold.
  if (typeof answer === "boolean") return answer;
  throw new ArgumentError(
    `Cannot wait for the condition with a predicate that gives ${describe(answer)}: a boolean is wanted.`,
  );
}
