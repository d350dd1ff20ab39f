import { expect, test } from "vitest";
import { Runner } from "../../src/loop/runner.js";
import { basename } from "../work.js";

test("has worker threads in its loop", async () => {
  await using runner = new Runner();
  const loop = runner.getLoop();
  expect(await runner.run(async () => loop.runInExecutor(undefined, basename, "a/b"))).toBe("b");
});
