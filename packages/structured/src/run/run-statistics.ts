import { requireRun } from "../ambient.js";
import { tasksUnder } from "../task-tree.js";

/** What a run has to do. */
export interface RunStatistics {
  /** The tasks that have not ended, main and system tasks too. */
  readonly tasksLiving: number;
  /** The tasks that are ready for their next turn; a task that looks at this has its turn and is none of them. */
  readonly tasksRunnable: number;
  /** The milliseconds until the next deadline or the end of a sleep; negative where it is overdue, Infinity where there is none. */
  readonly msToNextDeadline: number;
  /** The calls that `runSoon` has accepted and that have not begun. */
  readonly runSoonQueueSize: number;
}

/**
 * Gives what this run has to do, counted at this moment. Counting goes through all tasks; a run that is not asked counts nothing.
 *
 * Source: Trio's `current_statistics`. Flavor: structured. It waits for nothing.
 *
 * @throws NoRunError outside of a run
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { currentRunStatistics } from "@trestle/structured/lowlevel";
 *
 * await run(function* () {
 *   console.log(currentRunStatistics().tasksLiving); // 1
 * });
 * ```
 */
export function currentRunStatistics(): RunStatistics {
  const { runner, node, services } = requireRun("tell the statistics of the run");
  let runnable = 0;
  for (let task = runner.firstReady; task !== null; task = task.nextReady) runnable++;
  return {
    tasksLiving: tasksUnder(node).length + (services ? tasksUnder(services.node).length : 0),
    tasksRunnable: runnable,
    msToNextDeadline: runner.nextDeadline - runner.host.now(),
    runSoonQueueSize: services?.calls?.size ?? 0,
  };
}
