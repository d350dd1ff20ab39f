import { getRunningLoop } from "@trestle/loop";
import { expect, test } from "vitest";
import { run } from "../../src/loop/run.js";
import { basename } from "../work.js";

test("has worker threads in its loop", async () => {
  const name = await run(async () => getRunningLoop().runInExecutor(undefined, basename, "a/b"));
  expect(name).toBe("b");
});
