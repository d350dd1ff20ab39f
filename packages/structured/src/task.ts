import type { Outcome } from "@trestle/host";
import type { Nursery } from "./nursery.js";
import type { Operation } from "./operation.js";

/**
 * A task of a nursery. Holding it changes nothing: its errors go to its nursery, joined or not.
 *
 * Source: ours; Trio has no handles. Flavor: structured.
 *
 * @example
 * ```ts
 * import { openNursery, run, sleep } from "@trestle/structured";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const task = nursery.startSoon(function* () {
 *       yield* sleep(10);
 *       return 42;
 *     });
 *     console.log(yield* task.join()); // 42
 *   }),
 * );
 * ```
 */
export interface Task<T> {
  /** The name of its function, or the one that `named` gave it. */
  readonly name: string;
  /** How the task ended; undefined while it runs. A cancelled task's outcome is a failure with its Cancelled. */
  readonly outcome: Outcome<T> | undefined;
  /** The nursery that it is a child of; undefined for a main task, and for one that has not reported to `start` yet. */
  readonly parentNursery: Nursery | undefined;
  /** The nursery that it will move into when it reports to `nursery.start` that it has started; undefined otherwise. */
  readonly eventualParentNursery: Nursery | undefined;
  /** The nurseries that it has opened, from the outermost in. */
  readonly childNurseries: readonly Nursery[];
  /**
   * Waits until the task has ended, and gives its value. Cancelling the wait leaves the task alone.
   *
   * @throws the task's error, which goes to its nursery all the same; TaskCancelledError where it was cancelled;
   * SelfJoinError in the task itself
   */
  join(): Operation<T>;
  /** Cancels the task and all that it started, alone: its nursery and the other children go on. It returns at once. */
  cancel(reason?: unknown): void;
}
