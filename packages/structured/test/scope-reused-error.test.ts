import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { ScopeReusedError } from "../src/scope-reused-error.js";

test.each([
  ["requests", "Cannot enter the CancelScope 'requests': it has been entered before."],
  [undefined, "Cannot enter the CancelScope: it has been entered before."],
])("names the scope where it has a name, and says what to do: %s", (name, text) => {
  const error = new ScopeReusedError(name);
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "ScopeReusedError", code: "TRESTLE_SCOPE_REUSED" });
  expect(error.message).toBe(`${text}\nA scope is for one block; make a new one for each.`);
});
