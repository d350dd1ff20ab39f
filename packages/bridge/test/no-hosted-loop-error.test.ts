import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { NoHostedLoopError } from "../src/index.js";

test("names the action and every way to a loop", () => {
  const error = new NoHostedLoopError("call 'load' from structured code");
  expect(error).toBeInstanceOf(TrestleError);
  expect([error.name, error.code]).toEqual(["NoHostedLoopError", "TRESTLE_NO_HOSTED_LOOP"]);
  expect(error.message).toBe(
    "Cannot call 'load' from structured code: no loop is open here.\n" +
      "Open one around it with 'yield* openLoop(function* (loop) { ... })', start the program with 'run' of @trestle/bridge, " +
      "or name the loop with '{ loop }'. In a program of the loop flavor, give structured code to 'runInLoop'.",
  );
});
