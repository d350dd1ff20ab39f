import type { JobOptions } from "@trestle/executor";
import { ArgumentError, describe } from "@trestle/host";
import type { JobsOptions } from "bullmq";
import { checkCount, checkDuration } from "./queue-options.js";

/** How often a job is tried whose function fails. */
export interface RetryOptions {
  /** The tries in all, 1 or more. */
  readonly attempts: number;
  /** Milliseconds before the second try; twice as many before each further one. At once unless given. */
  readonly backoffMs?: number | undefined;
}

/** What is said of one job, besides what any executor takes. */
export interface BullJobOptions extends JobOptions {
  /**
   * Tells the job apart, for ever: one that is in the queue under it already, or has ended within `keepMs`, is not queued again, and
   * this job becomes it. So whoever was interrupted submits all once more. A random one unless given.
   */
  readonly jobId?: string | undefined;
  readonly retry?: RetryOptions | undefined;
  /** The job waits in the queue at least so many milliseconds. */
  readonly delayMs?: number | undefined;
  /** Jobs with smaller numbers go first, after those that have none; a whole number above 0. */
  readonly priority?: number | undefined;
}

/**
 * What BullMQ is told of a job.
 *
 * @param retry for a job that says nothing else
 * @throws ArgumentError
 */
export function queueSettings(
  options: BullJobOptions,
  retry: RetryOptions,
  keepMs: number,
  action: string,
): JobsOptions {
  const { attempts, backoffMs } = checkRetry(options.retry ?? retry, action);
  const { delayMs, priority } = options;
  const kept = { age: Math.ceil(keepMs / 1000) };
  return {
    attempts,
    removeOnComplete: kept,
    removeOnFail: kept,
    ...(backoffMs === undefined ? {} : { backoff: { type: "exponential", delay: backoffMs } }),
    ...(delayMs === undefined ? {} : { delay: checkDuration(delayMs, "delayMs", action) }),
    ...(priority === undefined ? {} : { priority: checkCount(priority, 1, "priority", action) }),
  };
}

/** @throws ArgumentError */
export function checkRetry(retry: RetryOptions, action: string): RetryOptions {
  checkCount(retry?.attempts, 1, "retry.attempts", action);
  if (retry.backoffMs !== undefined) checkDuration(retry.backoffMs, "retry.backoffMs", action);
  return retry;
}

/** @throws ArgumentError for what BullMQ takes for something else */
export function checkIdentifier(id: string, action: string): void {
  // BullMQ's own numbers are whole, and colons part its keys.
  if (typeof id === "string" && id !== "" && !id.includes(":") && !/^\d+$/u.test(id)) return;
  throw new ArgumentError(
    `Cannot ${action}: 'jobId' is ${describe(id)}, and a text is wanted that has no colon and is no number.`,
  );
}

/**
 * Refuses what works in this process only.
 *
 * @throws ArgumentError
 */
export function refuseLocal(options: BullJobOptions, action: string): void {
  const { transfer = [], host, onHostCall, limiter } = options;
  const named = Object.entries({ host, onHostCall, limiter }).find(
    ([, given]) => given !== undefined,
  );
  const refused = transfer.length > 0 ? "transfer" : named?.[0];
  if (refused === undefined) return;
  const instead =
    refused === "limiter"
      ? "How many jobs run is the 'concurrency' of the workers."
      : "What the job needs has to be in its arguments, or within reach of its worker.";
  throw new ArgumentError(
    `Cannot ${action}: '${refused}' has no meaning on another machine.\n${instead}`,
  );
}
