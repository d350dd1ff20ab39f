import { expect, test } from "vitest";
import { keepOutput, outputSoFar } from "../../src/process/output-so-far.js";
import { bytes } from "../processes.js";

test("an error carries the output, out of sight", () => {
  const error = new Error("gone");
  const output = { stdout: bytes("some"), stderr: undefined };
  keepOutput(error, output);
  expect(outputSoFar(error)).toBe(output);
  expect(Object.keys(error)).toEqual([]);
});

test("where there is none, or no place for it, there is nothing", () => {
  const frozen = Object.freeze(new Error("frozen"));
  const output = { stdout: bytes("some"), stderr: undefined };
  for (const error of [frozen, "text", undefined, null]) {
    keepOutput(error, output);
    expect(outputSoFar(error)).toBeUndefined();
  }
  const error = new Error("nothing captured");
  keepOutput(error, { stdout: undefined, stderr: undefined });
  expect(outputSoFar(error)).toBeUndefined();
});

test("an error shows what its causes carry, also where they go round", () => {
  const given = new Error("given up");
  const output = { stdout: bytes("some"), stderr: undefined };
  keepOutput(given, output);
  expect(outputSoFar(new Error("too slow", { cause: given }))).toBe(output);
  const round = new Error("round");
  round.cause = new Error("and round", { cause: round });
  expect(outputSoFar(round)).toBeUndefined();
});
