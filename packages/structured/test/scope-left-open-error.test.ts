import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { ScopeLeftOpenError } from "../src/scope-left-open-error.js";

test.each([
  ["requests", "it left scope 'requests' open"],
  [undefined, "it left a scope or nursery open"],
])("names the task, and the scope where that has a name: %s", (scope, text) => {
  const error = new ScopeLeftOpenError("crawler", scope);
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "ScopeLeftOpenError", code: "TRESTLE_SCOPE_LEFT_OPEN" });
  expect(error.message).toBe(
    `Cannot end task 'crawler' properly: ${text}.\nRun operations by 'yield*' only; do not call 'next' on them.`,
  );
});
