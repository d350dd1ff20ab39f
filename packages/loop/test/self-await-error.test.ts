import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { SelfAwaitError } from "../src/self-await-error.js";

test("says what could not be done and why, with a name and a stable code", () => {
  const error = new SelfAwaitError("task 'main'");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "SelfAwaitError", code: "TRESTLE_SELF_AWAIT" });
  expect(error.message.split("\n", 1)[0]).toBe(
    "Cannot await task 'main': it is the task that asks.",
  );
});
