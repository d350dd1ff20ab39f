import { expect, test } from "vitest";
import { LoopQueueFullError } from "../src/index.js";

test("says what was refused, how long the queue is, and what to do", () => {
  const error = new LoopQueueFullError("call soon", 1);
  expect(error).toBeInstanceOf(LoopQueueFullError);
  expect([error.name, error.code]).toEqual(["LoopQueueFullError", "TRESTLE_LOOP_QUEUE_FULL"]);
  expect(error.message).toBe(
    "Cannot call soon: 1 call waits in the loop's queue, and that is its length.\n" +
      "Let the loop catch up with 'yield* loop.synchronize()', or open it with a greater 'queueLength'.",
  );
});
