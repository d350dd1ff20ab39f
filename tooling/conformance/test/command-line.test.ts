import { expect, test } from "vitest";
import { parseCommandLine, UsageError } from "../src/command-line.js";

test("takes files, and runs first in, first out unless told otherwise", () => {
  expect(parseCommandLine(["a.jsonl", "b.jsonl"])).toEqual({
    files: ["a.jsonl", "b.jsonl"],
    seeds: [undefined],
    only: undefined,
    help: false,
  });
});

test.each([
  [["--seed", "7"], [7]],
  [["--seed=0"], [0]],
  [
    ["--seeds", "3"],
    [undefined, 1, 2, 3],
  ],
  [["--seeds", "0"], [undefined]],
])("takes seeds: %j", (commandLine, seeds) => {
  expect(parseCommandLine(commandLine).seeds).toEqual(seeds);
});

test("takes an id and a call for help", () => {
  expect(parseCommandLine(["--only", "v-1", "a.jsonl"])).toMatchObject({
    only: "v-1",
    files: ["a.jsonl"],
  });
  expect(parseCommandLine(["-h"]).help).toBe(true);
});

test.each([
  [["--sed", "7"], "Cannot read the command line: Unknown option '--sed'"],
  [["--seed"], "Cannot read the command line: Option '--seed <value>' argument missing"],
  [["--seed", "x"], 'Cannot use --seed "x": a whole number is wanted.'],
  [["--seeds", "1.5"], 'Cannot use --seeds "1.5": a whole number is wanted.'],
  [["--seed", ""], 'Cannot use --seed "": a whole number is wanted.'],
  [["--seed", "1", "--seeds", "2"], "Cannot use --seed together with --seeds: give one of them."],
])("refuses %j", (commandLine, message) => {
  expect(() => parseCommandLine(commandLine)).toThrow(UsageError);
  expect(() => parseCommandLine(commandLine)).toThrow(message);
});
