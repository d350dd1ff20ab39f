import type { TransferListItem } from "node:worker_threads";
import type { HostCall, HostFunctions } from "./host-call.js";
import type { Limiter } from "./job-limiter.js";
import type { Pending } from "./pending.js";

/**
 * What a cancellation does to a job that runs already. One that has not started never starts.
 *
 * - `"wait"`: it is waited for, and what it returns counts. `checkCancelled` throws in it, where it asks.
 * - `"cooperative"`: the same, and it is told: its `jobSignal` fires, and its calls back into the parent end.
 * - `"abandon"`: the wait ends at once; the job goes on unheard, and holds its thread and its token until it has ended.
 * - `{ terminateAfterMs }`: it is told, and where it has not ended after so many milliseconds its thread is terminated.
 */
export type OnCancel = "wait" | "cooperative" | "abandon" | { readonly terminateAfterMs: number };

/** How one job is run. */
export interface JobOptions {
  /** What a cancellation does to it while it runs; `"wait"` unless given. */
  readonly onCancel?: OnCancel | undefined;
  /** Cancels the job when it fires; its reason is that of the cancellation. */
  readonly signal?: AbortSignal | undefined;
  /** What of the arguments is moved instead of copied, such as the buffers of typed arrays. It is moved when the job starts. */
  readonly transfer?: readonly TransferListItem[] | undefined;
  /** What the job may call back, by its names: `fromThread.run("log", "half")`. They run in this thread. */
  readonly host?: HostFunctions | undefined;
  /** Takes the calls back itself, instead of `host`: a runtime runs them as its own code. */
  readonly onHostCall?: ((call: HostCall) => void) | undefined;
  /** Whose token the job takes, instead of the executor's. */
  readonly limiter?: Limiter | undefined;
}

/**
 * How far a job is: in the queue; running in a thread; ended, with its outcome. An abandoned job has ended for those who wait,
 * and runs all the same.
 */
export type JobState = "queued" | "running" | "done";

/**
 * A call that an executor runs elsewhere. It was queued when it was submitted. Wait for it through either runtime's door
 * (`job.wait`), or await it in plain code. A failure that nobody waits for is not reported.
 *
 * Source: the Future of Python's concurrent.futures. Flavor: either.
 */
export interface Job<T> extends Pending<T> {
  /** Tells the jobs of a process, or of a queue, apart. */
  readonly id: string;
  /** The name of the function. */
  readonly name: string;
  readonly state: JobState;
  /**
   * Cancels the job, as `onCancel` says. Those who wait get JobCancelledError where the job ends because of it.
   *
   * @param reason for the error
   * @returns whether there was something to cancel: false for a job that has ended
   */
  cancel(reason?: unknown): boolean;
}
