// What the rooms of this package know of a loop and of a future, and their users do not. The keys are registered, so that two
// copies of the package find each other's.
import type { Place } from "./current.js";
import type { DebugMode } from "./debug-mode.js";
import type { Driver } from "./driver.js";
import type { Scheduler } from "./scheduler.js";
import type { TaskBook } from "./task-book.js";
import type { FailureBook } from "./unseen-failures.js";
import type { OutsideWaits } from "./waits.js";

/** The key of a loop's inside. */
export const internals: unique symbol = Symbol.for("trestle.loop.internals");

/** The key of a future's inside. */
export const core: unique symbol = Symbol.for("trestle.loop.core");

/** The inside of a loop. */
export interface LoopInternals {
  readonly driver: Driver;
  /** When the loop was made, see `currentEra`. */
  readonly era: number;
  readonly scheduler: Scheduler;
  /** Where the loop's callbacks run: in no task. */
  readonly place: Place;
  /** The tasks that are alive. */
  readonly tasks: TaskBook;
  /** What no task waits for. */
  readonly outside: OutsideWaits;
  readonly failures: FailureBook;
  readonly debug: DebugMode;
}
