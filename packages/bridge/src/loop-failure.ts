import { TrestleError } from "@trestle/host";

/**
 * Something went wrong in a loop that has a description but no error: it ends the block of `openLoop`.
 *
 * Source: ours. Flavor: either. Its `context` is what the exception handler was called with.
 *
 * @example
 * ```ts
 * import { LoopFailure, run } from "@trestle/bridge";
 * import { ExceptionGroup } from "@trestle/host";
 * import { sleepForever } from "@trestle/structured";
 *
 * await run(function* (loop) {
 *   loop.callExceptionHandler({ message: "the disk is full" });
 *   yield* sleepForever();
 * }).catch((error) => {
 *   if (error instanceof ExceptionGroup) console.log(error.errors[0] instanceof LoopFailure); // true
 * });
 * ```
 */
export class LoopFailure extends TrestleError {
  static override readonly code = "TRESTLE_LOOP_FAILURE";

  constructor(message: string) {
    super("LoopFailure", new.target.code, message);
  }
}
