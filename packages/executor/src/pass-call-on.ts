import { failure, type Outcome } from "@trestle/host";
import { callHostFunction } from "./host-functions.js";
import { JobCancelledError } from "./job-cancelled-error.js";
import type { PoolThread } from "./pool-thread.js";
import type { FromThread } from "./protocol.js";

/** Passes a call of a thread's job on to whoever submitted that, in the context of then. Nobody is there for an abandoned one. */
export function passCallOn(
  thread: PoolThread,
  { call, name, args, isBlocking }: Extract<FromThread, { readonly kind: "call" }>,
): void {
  const { job } = thread;
  if (job === undefined) return;
  const answer = (outcome: Outcome<unknown>): void => thread.answer(job, call, outcome);
  if (job.state === "done") {
    answer(failure(new JobCancelledError(job.name, "it was abandoned")));
    return;
  }
  const hostCall = { name, args, isBlocking, answer };
  const { host, onHostCall } = job.options;
  job.inContext(() => {
    try {
      if (onHostCall === undefined) callHostFunction(host, hostCall);
      else onHostCall(hostCall);
    } catch (error) {
      answer(failure(error));
    }
  });
}
