import { expect, test } from "vitest";
import { HostedLoopError } from "../src/index.js";

test("says who runs the loop, and how to wait for something in it", () => {
  const error = new HostedLoopError();
  expect(error).toBeInstanceOf(HostedLoopError);
  expect([error.name, error.code]).toEqual(["HostedLoopError", "TRESTLE_HOSTED_LOOP"]);
  expect(error.message).toBe(
    "Cannot run the event loop: the block of 'openLoop' runs it.\n" +
      "To wait for something, write 'yield* loop.runAsync(fn)' or 'yield* awaitFuture(future)'.",
  );
});
