import { platformHost, type Abortion } from "@trestle/host";
import type { JobCancelledError } from "./job-cancelled-error.js";
import type { ThreadJob } from "./thread-job.js";
import type { PoolThread } from "./pool-thread.js";

/** Asks a job that its thread has got already to end, as its options say. */
export function cancelInThread(
  job: ThreadJob,
  thread: PoolThread,
  { reason }: JobCancelledError,
): Abortion {
  if (thread.takeBack()) return "withdrawn";
  thread.markCancelled();
  const { onCancel = "wait" } = job.options;
  if (onCancel === "abandon") return "withdrawn";
  if (onCancel !== "wait") thread.tellCancelled(job.number, reason);
  if (typeof onCancel === "object") terminateAfter(job, thread, onCancel.terminateAfterMs);
  return "committed";
}

function terminateAfter(job: ThreadJob, thread: PoolThread, ms: number): void {
  if (job.isDoomed) return;
  job.isDoomed = true;
  if (ms === 0) {
    thread.terminate();
    return;
  }
  const host = platformHost();
  const timer = host.at(host.now() + ms, () => thread.terminate());
  job.onSettled(() => timer.cancel());
}
