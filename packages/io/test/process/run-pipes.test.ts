import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { isStream, runPipes } from "../../src/process/run-pipes.js";

const alone = { hasUser: false };

test("an input is nothing, and outputs are those of this process, unless told otherwise", () => {
  expect(runPipes({}, alone)).toEqual({ stdin: "ignore", stdout: "inherit", stderr: "inherit" });
  expect(
    runPipes({ stdin: new Uint8Array(1), captureStdout: true, stderr: "stdout" }, alone),
  ).toEqual({ stdin: "pipe", stdout: "pipe", stderr: "stdout" });
  const stream = { receiveSome: () => {} };
  expect([isStream(stream), isStream(null), isStream("text")]).toEqual([true, false, false]);
  expect(runPipes({ stdin: stream, captureStderr: true, stdout: 1 }, alone)).toEqual({
    stdin: "pipe",
    stdout: 1,
    stderr: "pipe",
  });
});

test("PROC-3, T203: refuses what contradicts itself", () => {
  expect(() => runPipes({ captureStdout: true, stdout: "ignore" }, alone)).toThrow("at once");
  expect(() => runPipes({ captureStderr: true, stderr: "stdout" }, alone)).toThrow("at once");
  expect(() => runPipes({ captureStdout: 1 as never }, alone)).toThrow("a boolean is wanted");
  for (const name of ["stdin", "stdout", "stderr"] as const)
    expect(() => runPipes({ [name]: "pipe" }, alone)).toThrow(`'${name}': nobody would use it`);
  expect(runPipes({ stdout: "pipe" }, { hasUser: true })).toMatchObject({ stdout: "pipe" });
  expect(() => runPipes({ stdin: "hello" }, alone)).toThrow(ArgumentError);
  expect(() => runPipes({ stdin: "hello" }, alone)).toThrow("TextEncoder");
});
