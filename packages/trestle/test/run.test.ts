import { closeSync, openSync } from "node:fs";
import { awaitFuture } from "@trestle/bridge";
import { expect, test } from "vitest";
import { run } from "../src/run.js";
import { basename } from "./work.js";

test("has worker threads in its loop", async () => {
  const name = await run((loop) => awaitFuture(loop.runInExecutor(undefined, basename, "a/b")));
  expect(name).toBe("b");
});

test("closes descriptors with its loop", async () => {
  const descriptor = openSync(import.meta.filename, "r");
  await run(function* (loop) {
    loop.autoclose(descriptor);
  });
  expect(() => closeSync(descriptor)).toThrow("EBADF");
});
