import { closeSync, openSync } from "node:fs";
import { awaitFuture } from "@trestle/bridge";
import { currentDefaultThreadLimiter } from "@trestle/executor/structured";
import { checkpoint } from "@trestle/structured";
import { expect, test } from "vitest";
import { run } from "../src/run.js";
import { basename } from "./work.js";

test("has worker threads in its loop", async () => {
  const name = await run((loop) => awaitFuture(loop.runInExecutor(undefined, basename, "a/b")));
  expect(name).toBe("b");
});

test("jobs of its loop keep to the limits of the run", () =>
  run(function* (loop) {
    const limiter = currentDefaultThreadLimiter();
    limiter.totalTokens = 0;
    const name = loop.runInExecutor(undefined, basename, "a/b");
    for (let round = 0; round < 10; round++) yield* checkpoint();
    expect(limiter.statistics().tasksWaiting).toBe(1);
    limiter.totalTokens = 1;
    expect(yield* awaitFuture(name)).toBe("b");
  }));

test("closes descriptors with its loop", async () => {
  const descriptor = openSync(import.meta.filename, "r");
  await run(function* (loop) {
    loop.autoclose(descriptor);
  });
  expect(() => closeSync(descriptor)).toThrow("EBADF");
});
