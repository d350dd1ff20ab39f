import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { LoopFailure } from "../src/index.js";

test("says what the loop was told, under a code of its own", () => {
  const error = new LoopFailure("The socket is gone");
  expect(error).toBeInstanceOf(TrestleError);
  expect([error.name, error.code, error.message]).toEqual([
    "LoopFailure",
    "TRESTLE_LOOP_FAILURE",
    "The socket is gone",
  ]);
});
