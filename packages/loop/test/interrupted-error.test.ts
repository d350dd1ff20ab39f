import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { InterruptedError } from "../src/interrupted-error.js";

test("says what happened, with a name, a stable code and a cause", () => {
  const cause = new Error("cancelled");
  const error = new InterruptedError({ cause });
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "InterruptedError", code: "TRESTLE_INTERRUPTED", cause });
  expect(error.message).toMatch(/^Cannot go on: the process received SIGINT \(Ctrl-C\)/u);
});
