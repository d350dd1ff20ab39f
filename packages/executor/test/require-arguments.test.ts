import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { requireArguments } from "../src/require-arguments.js";

test("refuses what is no list, a text too", () => {
  requireArguments([], "submit");
  for (const args of ["ab", undefined, { length: 0 }, new Uint8Array(1)])
    expect(() => requireArguments(args, "submit")).toThrow(ArgumentError);
  expect(() => requireArguments("ab", "block for")).toThrow(
    'Cannot block for a job with the arguments "ab" (string): a list is wanted.',
  );
});
