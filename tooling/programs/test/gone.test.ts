import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { gone } from "../src/gone.js";

test("waits until a process is gone", async () => {
  const child = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
  const exit = once(child, "exit");
  let isOver = false;
  const waiting = gone(child.pid as number).then(() => (isOver = true));
  await once(child, "spawn");
  expect(isOver).toBe(false);
  child.stdin.end();
  await exit;
  await waiting;
});

test("refuses a number that is no process's", async () => {
  await expect(gone(Number.NaN)).rejects.toThrow("pid");
});
