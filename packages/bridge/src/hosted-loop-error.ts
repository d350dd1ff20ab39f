import { TrestleError } from "@trestle/host";

/** Somebody wants to run a loop by hand that runs as long as the block of `openLoop` does. */
export class HostedLoopError extends TrestleError {
  static override readonly code = "TRESTLE_HOSTED_LOOP";

  constructor() {
    super(
      "HostedLoopError",
      new.target.code,
      "Cannot run the event loop: the block of 'openLoop' runs it.\n" +
        "To wait for something, write 'yield* loop.runAsync(fn)' or 'yield* awaitFuture(future)'.",
    );
  }
}
