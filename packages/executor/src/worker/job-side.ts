// What a job sees of itself. A job's module has its own copy of this package, perhaps in a bundle, so what belongs to the job that
// runs is found through the process.
import { AsyncLocalStorage } from "node:async_hooks";
import { processWide } from "@trestle/host";
import { NoJobError } from "../no-job-error.js";

/** A job, as it is seen by the code that it runs. */
export interface JobSide {
  /** Whether it runs still. */
  readonly isRunning: boolean;
  /** Fires when the job is cancelled, where `onCancel` has it told. */
  readonly signal: AbortSignal;
  /** Throws JobCancelledError where the job was cancelled. */
  checkCancelled(): void;
  call(name: string, args: readonly unknown[]): Promise<unknown>;
  callBlocking(name: string, args: readonly unknown[]): unknown;
}

const shared = processWide<{ jobs: AsyncLocalStorage<JobSide> | undefined }>(
  "@trestle/executor/worker",
  1,
  () => ({ jobs: undefined }),
);

/** Calls a function as code of a job: all that it sets off knows whose it is, also after the job has ended. */
export function runAs<T>(job: JobSide, fn: () => T): T {
  shared.jobs ??= new AsyncLocalStorage();
  return shared.jobs.run(job, fn);
}

/** The job that the running code comes from, which may have ended. */
export function currentJob(): JobSide | undefined {
  return shared.jobs?.getStore();
}

/** The same, while it runs. @throws NoJobError, which names the action */
export function requireJob(action: string): JobSide {
  const job = currentJob();
  if (job === undefined || !job.isRunning) throw new NoJobError(action);
  return job;
}
