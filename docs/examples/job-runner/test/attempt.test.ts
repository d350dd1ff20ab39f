import { CancelScope, run, sleep, type Operation } from "trestle";
import { runProcess } from "trestle/io";
import { VirtualHost } from "trestle/testing";
import { expect, test } from "vitest";
import { attempt, type Attempt, type Perform } from "../src/attempt.js";
import { someJob } from "./some-job.js";

function tried(perform: Perform, timeout = Infinity): Promise<Attempt> {
  return run(() => attempt(someJob("a", { timeout }), perform), { host: new VirtualHost() });
}

function shell(line: string): Perform {
  return function* (): Operation<string> {
    yield* runProcess(line, { shell: true, captureStdout: true, stderr: "stdout" });
    return "done";
  };
}

test("gives what is to be told of a job that is done", async () => {
  expect(await tried(shell("true"))).toEqual({ isGood: true, note: "done" });
});

test.each([
  ["echo one; echo two >&2; exit 3", "ended with the code 3", "one\ntwo"],
  ["echo one; kill -9 $$", "ended by SIGKILL", "one"],
])("tells how a process has failed, and what it had written: %s", async (line, note, output) => {
  expect(await tried(shell(line))).toEqual({ isGood: false, note, output });
});

test("a process that does not start has written nothing", async () => {
  const perform: Perform = function* () {
    yield* runProcess(["no-such-program"]);
    return "";
  };
  const note = "Cannot start 'no-such-program': the program was not found.";
  expect(await tried(perform)).toEqual({ isGood: false, note, output: "" });
});

test("a time that is up is told, as is an error of any other kind", async () => {
  const slow: Perform = function* () {
    yield* sleep(6);
    return "";
  };
  expect(await tried(slow, 5)).toMatchObject({ isGood: false, note: "not done within 5 ms" });
  expect(await tried(slow, 7)).toMatchObject({ isGood: true });
  const failing: Perform = function* () {
    throw new RangeError("the first line\nand more");
  };
  expect(await tried(failing)).toMatchObject({ isGood: false, note: "the first line" });
});

test("a cancellation from outside is no failure of the job", async () => {
  const scope = new CancelScope();
  const perform: Perform = function* () {
    scope.cancel();
    yield* sleep(1);
    return "";
  };
  const cancelled = run(() => scope.run(() => attempt(someJob("a"), perform)));
  expect(await cancelled).toEqual({ cancelledCaught: true, value: undefined });
});
