// A line of tasks that wait until somebody wakes them: what other waiting things are made of. A lot is broken when one of
// its breakers says so, or ends; nobody waits in it from then on.
import { ArgumentError, describe } from "@trestle/host";
import { requireTask } from "../ambient.js";
import { isCancelled } from "../cancelled.js";
import { LinkedList } from "../linked-list.js";
import type { Operation } from "../operation.js";
import type { TaskRecord } from "../task-record.js";
import type { Task } from "../task.js";
import { checkCount } from "./count.js";
import { BrokenResourceError } from "./resource-errors.js";
import { Waiter, type Waitable } from "./waiter.js";

/** What a ParkingLot counts. */
export interface ParkingLotStatistics {
  readonly tasksWaiting: number;
}

/**
 * A line in which tasks wait until they are woken, first in, first out. It is for making other things to wait for; programs
 * mostly want an `Event`, a `Condition` or a channel.
 *
 * Source: Trio's ParkingLot. Flavor: structured; all but `park` may be called from anywhere.
 *
 * @example
 * ```ts
 * import { openNursery, run, type Operation } from "@trestle/structured";
 * import { ParkingLot } from "@trestle/structured/lowlevel";
 *
 * class Gate {
 *   #isOpen = false;
 *   readonly #lot = new ParkingLot("a gate");
 *
 *   *pass(): Operation<void> {
 *     while (!this.#isOpen) yield* this.#lot.park();
 *   }
 *
 *   open(): void {
 *     this.#isOpen = true;
 *     this.#lot.unparkAll();
 *   }
 * }
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const gate = new Gate();
 *     nursery.startSoon(() => gate.pass());
 *     gate.open();
 *   }),
 * );
 * ```
 */
export class ParkingLot implements Waitable<void, undefined> {
  readonly #what: string;
  readonly #queue = new LinkedList<Waiter<void>>();
  readonly #brokenBy: TaskRecord[] = [];

  /** @param what what those wait for who park here, as a report of a deadlock shows it */
  constructor(what = "its place in a parking lot") {
    this.#what = what;
  }

  /** How many are parked here. */
  get size(): number {
    return this.#queue.size;
  }

  /** Who has broken the lot, in that order; a task that has done so twice is there twice. */
  get brokenBy(): readonly Task<unknown>[] {
    return [...this.#brokenBy];
  }

  /**
   * Waits until this task is woken. A cancellation ends the wait, and leaves nothing behind.
   *
   * @throws BrokenResourceError where the lot is or gets broken
   */
  park(): Operation<void> {
    return new Waiter<void>(this, undefined);
  }

  /**
   * Wakes those who have waited longest, and gives their tasks.
   *
   * @param count how many at most, a whole number, 0 or more, or Infinity
   * @throws ArgumentError for other counts
   */
  unpark(count = 1): Task<unknown>[] {
    const woken: Task<unknown>[] = [];
    for (let left = this.#first(count, "unpark"); left > 0; left--) {
      const waiter = this.#queue.first as Waiter<void>;
      woken.push(waiter.task);
      waiter.succeed();
    }
    return woken;
  }

  /** Wakes all, and gives their tasks. */
  unparkAll(): Task<unknown>[] {
    return this.unpark(Infinity);
  }

  /**
   * Moves those who have waited longest to the end of another lot, without waking them. A cancellation takes them out there.
   * In a lot that is broken they get its error.
   *
   * @param count how many at most, a whole number, 0 or more, or Infinity
   * @throws ArgumentError for other counts, and for what is no ParkingLot
   */
  repark(target: ParkingLot, count = 1): void {
    if (!(target instanceof ParkingLot)) {
      throw new ArgumentError(
        `Cannot repark in ${describe(target)}: another ParkingLot is wanted.`,
      );
    }
    for (let left = this.#first(count, "repark"); left > 0; left--) {
      const waiter = this.#queue.first as Waiter<void>;
      waiter.moveTo(target.#queue);
    }
    if (target.#brokenBy.length > 0) target.#failAll();
  }

  /** Moves all to the end of another lot, without waking them. @throws ArgumentError for what is no ParkingLot */
  reparkAll(target: ParkingLot): void {
    this.repark(target, Infinity);
  }

  /**
   * Breaks the lot, for ever: those who are parked here, and those who come, get a BrokenResourceError that names the task.
   *
   * @param task who breaks it, the current task unless given
   * @throws NoRunError outside of a task, where none is given; ArgumentError for what is no task
   */
  breakLot(task: Task<unknown> = requireTask("break a parking lot")): void {
    this.#brokenBy.push(recordOf(task, "break a parking lot"));
    this.#failAll();
  }

  statistics(): ParkingLotStatistics {
    return { tasksWaiting: this.#queue.size };
  }

  /** @internal */
  awaited(): string {
    return this.#what;
  }

  /** @internal */
  attempt(waiter: Waiter<void>): boolean {
    if (this.#brokenBy.length > 0) throw this.#broken();
    return waiter.enqueue(this.#queue);
  }

  #first(count: number, action: string): number {
    return Math.min(checkCount(count, action), this.#queue.size);
  }

  #failAll(): void {
    for (let waiter = this.#queue.first; waiter !== null; waiter = this.#queue.first)
      waiter.fail(this.#broken());
  }

  #broken(): BrokenResourceError {
    const breaker = this.#brokenBy[0] as TaskRecord;
    const why = `task '${breaker.name}' has broken the parking lot`;
    if (!breaker.hasFailed || isCancelled(breaker.ending))
      return new BrokenResourceError(`wait for ${this.#what}`, why);
    return new BrokenResourceError(
      `wait for ${this.#what}`,
      `${why}, by failing with ${describe(breaker.ending)}`,
      { cause: breaker.ending },
    );
  }
}

/** The record of a task, also of one that another copy of this package made. */
export function recordOf(task: Task<unknown>, action: string): TaskRecord {
  const value: unknown = task;
  if (typeof value === "object" && value !== null && "firstWatcher" in value)
    return value as TaskRecord;
  throw new ArgumentError(`Cannot ${action} for ${describe(value)}: a Task is wanted.`);
}
