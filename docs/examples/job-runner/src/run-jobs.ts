// All jobs, in a nursery: a task for each, which waits for the tasks of those that it needs, then for a place.
//
//   nursery              a failure cancels it, unless the rest is to go on
//   └─ task of a job     a failure cancels the tasks of those that need it
//      ├─ join           those that it needs
//      └─ place          so many jobs at once
//         └─ attempts    each with a deadline
import {
  CapacityLimiter,
  isCancelled,
  named,
  openNursery,
  SignalReceivedError,
  type Cancelled,
  type Operation,
  type Task,
} from "trestle";
import { attempt, type Perform } from "./attempt.js";
import type { Board } from "./board.js";
import { dependentsOf } from "./dependencies.js";
import type { Job } from "./job.js";

/** How jobs are run. */
export interface Policy {
  /** How many run at once. */
  readonly parallel: number;
  /** Whether a failure leaves those alone that do not need the job. */
  readonly keepGoing: boolean;
}

/** Runs all jobs of a board, and notes there what comes of them. A job that fails is no error here. */
export function runJobs(board: Board, perform: Perform, policy: Policy): Operation<void> {
  const places = new CapacityLimiter(policy.parallel);
  const tasks = new Map<string, Task<void>>();

  return openNursery(function* (nursery): Operation<void> {
    // None of them runs before all are there: a child has its first turn later.
    for (const job of board.jobs) tasks.set(job.name, nursery.startSoon(named(job.name, run), job));

    function* run(job: Job): Operation<void> {
      try {
        for (const name of job.needs) yield* taskOf(name).join();
        yield* places.hold(tryToDo, job);
      } catch (error) {
        if (isCancelled(error)) board.cancel(job, reasonOf(error));
        throw error;
      }
    }

    function* tryToDo(job: Job): Operation<void> {
      for (let number = 1; ; number++) {
        board.start(job);
        const result = yield* attempt(job, perform);
        if (result.isGood) return board.succeed(job, result.note);
        if (number > job.retries) {
          board.fail(job, result.note, result.output);
          return stopAfter(job);
        }
        board.retry(job, result);
      }
    }

    function stopAfter(failed: Job): void {
      for (const job of dependentsOf(failed, board.jobs)) {
        board.skip(job, `needs ${failed.name}`);
        taskOf(job.name).cancel();
      }
      if (!policy.keepGoing) nursery.cancelScope.cancel(`${failed.name} has failed`);
    }
  });

  function taskOf(name: string): Task<void> {
    return tasks.get(name) as Task<void>;
  }
}

/** Why all is cancelled: for a signal, or for the reason that `stopAfter` gives. */
function reasonOf({ cause: { reason } }: Cancelled): string {
  if (reason instanceof SignalReceivedError) return reason.signal;
  return typeof reason === "string" ? reason : "";
}
