import { TrestleError } from "@trestle/host";

/** A call came from outside of a loop that has as many of them waiting as its `queueLength` allows. */
export class LoopQueueFullError extends TrestleError {
  static override readonly code = "TRESTLE_LOOP_QUEUE_FULL";

  constructor(action: string, length: number) {
    super(
      "LoopQueueFullError",
      new.target.code,
      `Cannot ${action}: ${length === 1 ? "1 call waits" : `${length} calls wait`} in the loop's queue, and that is its length.\n` +
        "Let the loop catch up with 'yield* loop.synchronize()', or open it with a greater 'queueLength'.",
    );
  }
}
