// One try of a job: within its time, and with what its process had written where it has failed.
import { failAfter, isCancelled, TooSlowError, type Operation } from "trestle";
import { outputSoFar, ProcessFailedError } from "trestle/io";
import type { Job } from "./job.js";

/** Does a job, and gives what is to be told of it. */
export type Perform = (job: Job) => Operation<string>;

/** What has come of a try. */
export type Attempt =
  | { readonly isGood: true; readonly note: string }
  | { readonly isGood: false; readonly note: string; readonly output: string };

/** Tries to do a job. Whatever goes wrong is told in the result; only a cancellation from outside comes out. */
export function* attempt(job: Job, perform: Perform): Operation<Attempt> {
  let output: Uint8Array | undefined;
  try {
    const note = yield* failAfter(job.timeout, function* (): Operation<string> {
      try {
        return yield* perform(job);
      } catch (error) {
        // To be looked at in here: the deadline throws an error of its own in the place of this one.
        output = error instanceof ProcessFailedError ? error.stdout : outputSoFar(error)?.stdout;
        throw error;
      }
    });
    return { isGood: true, note };
  } catch (error) {
    if (isCancelled(error)) throw error;
    const text = new TextDecoder().decode(output).trimEnd();
    return { isGood: false, note: reasonOf(error, job), output: text };
  }
}

/** Why a try has failed, on one line. */
function reasonOf(error: unknown, { timeout }: Job): string {
  if (error instanceof TooSlowError) return `not done within ${timeout} ms`;
  if (error instanceof ProcessFailedError) {
    const { signal, returnCode } = error;
    return signal === undefined ? `ended with the code ${returnCode}` : `ended by ${signal}`;
  }
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line;
}
