import { awaitFuture } from "@trestle/bridge";
import { run } from "@trestle/structured";
import { expect, test } from "vitest";
import { openLoop } from "../../src/bridge/open-loop.js";
import { basename } from "../work.js";

test("has worker threads in its loop", async () => {
  const name = await run(() =>
    openLoop((loop) => awaitFuture(loop.runInExecutor(undefined, basename, "a/b"))),
  );
  expect(name).toBe("b");
});
