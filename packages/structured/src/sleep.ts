import { requireRun, requireTask } from "./ambient.js";
import { checkpoint } from "./checkpoint.js";
import { checkDuration, checkInstant } from "./durations.js";
import {
  refuseAwait,
  type Operation,
  type OperationIterator,
  type Suspended,
} from "./operation.js";
import { SLEEPER_RANK, type Alarm } from "./alarms.js";
import { returning, SUSPEND } from "./suspend.js";
import type { Parked } from "./task-parties.js";
import type { TaskRecord } from "./task-record.js";

/**
 * Sleeps for a number of milliseconds, never less. `sleep(0)` is a checkpoint.
 *
 * Waits for the time to pass. A cancellation ends it at once; where its own end and the deadline of a scope fall on one
 * instant, it is cancelled. Source: Trio. Flavor: structured.
 *
 * @param ms the duration in milliseconds, 0 or more; Infinity sleeps for ever
 * @throws ArgumentError for a negative duration, NaN, or what is no number
 * @example
 * ```ts
 * import { run, sleep } from "@trestle/structured";
 *
 * await run(() => sleep(10));
 * ```
 */
export function sleep(ms: number): Operation<void> {
  return checkDuration(ms, "sleep") === 0 ? checkpoint() : new Sleep(ms, "for");
}

/**
 * Sleeps until an instant, in milliseconds of `currentTime()`. An instant that has passed makes it a checkpoint.
 *
 * Waits for the instant. A cancellation ends it at once. Source: Trio. Flavor: structured.
 *
 * @param at the instant in milliseconds
 * @throws ArgumentError for NaN, or what is no number
 * @example
 * ```ts
 * import { currentTime, run, sleepUntil } from "@trestle/structured";
 *
 * await run(() => sleepUntil(currentTime() + 10));
 * ```
 */
export function sleepUntil(at: number): Operation<void> {
  return new Sleep(checkInstant(at, "sleep until an instant"), "until");
}

/**
 * Sleeps until it is cancelled.
 *
 * It throws the Cancelled. Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import { moveOnAfter, run, sleepForever } from "@trestle/structured";
 *
 * await run(() => moveOnAfter(10, () => sleepForever()));
 * ```
 */
export function sleepForever(): Operation<never> {
  return new Sleep(Infinity, "until") as Operation<unknown> as Operation<never>;
}

/**
 * Gives the time of the run, in milliseconds. It is monotonic and fractional; only differences mean anything.
 *
 * Source: Trio. Flavor: structured. It waits for nothing.
 *
 * @throws NoRunError outside of a run
 * @example
 * ```ts
 * import { currentTime, run } from "@trestle/structured";
 *
 * await run(function* () {
 *   console.log(currentTime());
 * });
 * ```
 */
export function currentTime(): number {
  return requireRun("tell the time of the run").runner.host.now();
}

/** A sleeper is its own alarm: one object for each sleep. */
class Sleep implements Operation<void>, OperationIterator<void>, Parked, Alarm {
  when = 0;
  readonly rank = SLEEPER_RANK;
  sequence = 0;
  queued = false;
  readonly #ms: number;
  readonly #kind: "for" | "until";
  #used = false;
  #task: TaskRecord | undefined;

  constructor(ms: number, kind: "for" | "until") {
    this.#ms = ms;
    this.#kind = kind;
  }

  [Symbol.iterator](): OperationIterator<void> {
    // An alarm is queued once; a second run of the same operation is a sleep of its own.
    if (this.#used) return new Sleep(this.#ms, this.#kind);
    this.#used = true;
    return this;
  }

  next(): IteratorResult<Suspended, void> {
    const task = requireTask("sleep");
    if (task.isResumed()) return returning(task.take() as undefined);
    if (task.isCancelled) {
      task.yieldCancelled();
      return SUSPEND;
    }
    const { runner } = task;
    this.when = this.#kind === "for" ? runner.host.now() + this.#ms : this.#ms;
    this.#task = task;
    task.park(this);
    if (this.when !== Infinity) runner.addAlarm(this);
    return SUSPEND;
  }

  expire(): void {
    (this.#task as TaskRecord).wake(undefined);
  }

  withdraw(task: TaskRecord): boolean {
    task.runner.removeAlarm(this);
    // The alarm may stay in the heap for a while; the task need not.
    this.#task = undefined;
    return true;
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }

  toString(): string {
    if (this.when === Infinity) return "its cancellation (it sleeps for ever)";
    return `the time ${this.when} ms (it sleeps)`;
  }
}
