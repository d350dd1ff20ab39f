import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkChildOptions, checkPipes, isOpenFile } from "../../src/process/child-options.js";

const pipes = { stdin: "ignore", stdout: "pipe", stderr: "stdout" } as const;

test("takes what makes sense", () => {
  checkChildOptions({});
  checkChildOptions({
    cwd: "/",
    env: { A: "b", C: undefined },
    processGroup: true,
    gracePeriod: Number.POSITIVE_INFINITY,
    leaveRunning: false,
    argv0: "name",
  });
  checkPipes(pipes);
  checkPipes({ stdin: 0, stdout: { fd: 1 }, stderr: "inherit" });
  expect([isOpenFile(3), isOpenFile({ fd: 3 }), isOpenFile(-1), isOpenFile(null)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("PROC-4, T203: refuses options of text, as everything is bytes", () => {
  for (const name of ["text", "encoding", "errors", "universalNewlines", "bufsize"]) {
    const options: Record<string, unknown> = { [name]: true };
    expect(() => checkChildOptions(options)).toThrow(`option '${name}'`);
  }
});

test("refuses what makes no sense, and says what is wanted", () => {
  for (const options of [
    null,
    { cwd: 5 },
    { cwd: "a\0" },
    { env: null },
    { env: "A=5" },
    { env: { A: 5 } },
    { env: { "A\0": "b" } },
    { argv0: 5 },
    { processGroup: "yes" },
    { leaveRunning: 1 },
    { gracePeriod: -1 },
    { gracePeriod: Number.NaN },
  ]) {
    expect(() => checkChildOptions(options as never)).toThrow(ArgumentError);
  }
  for (const wrong of ["file", -1, 1.5, null, {}, "stdout"]) {
    expect(() => checkPipes({ ...pipes, stdout: wrong as never })).toThrow("'stdout'");
  }
});
