import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { NOTHING_LEFT, Running } from "../src/running.js";

const PROBE = new URL("../src/exit-probe.js", import.meta.url).href;

function running(code: string): Running {
  return new Running(
    spawn(process.execPath, ["--import", PROBE, "--eval", code], {
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    }),
  );
}

test("a program that ends by itself tells its code and all that it has said", async () => {
  expect(await running("console.log(1); console.error(2); process.exitCode = 3").end()).toEqual({
    code: 3,
    signal: null,
    stdout: "1\n",
    stderr: "2\n",
    left: NOTHING_LEFT,
  });
});

test("what it has left is told", async () => {
  const code = 'process.on("SIGINT", () => {}); setTimeout(() => {}, 9e8).unref()';
  const { left } = await running(code).end();
  expect(left).toMatchObject({ listeners: 1 });
});

test("a program that was ended has told nothing of what it left", async () => {
  const program = running('console.log("ready"); setTimeout(() => {}, 9e8)');
  await program.says("ready");
  const ended = await program.endBy("SIGTERM");
  expect(ended).toMatchObject({ code: null, signal: "SIGTERM", left: undefined });
});

test("what it says can be waited for, before and after it was said", async () => {
  const program = running('process.stdin.on("data", (words) => console.log(`heard ${words}`))');
  program.stdin.write("42");
  expect((await program.says(/heard (\d+)/u))[1]).toBe("42");
  expect((await program.says("heard 4"))[0]).toBe("heard 4");
  program.stdin.end();
  await program.end();
});

test("a wait for what is never said fails with all that was", async () => {
  const program = running("console.log(1); console.error(2)");
  await expect(program.says("three")).rejects.toThrow(/has not said three\.\nstdout:\n1\n/u);
});
