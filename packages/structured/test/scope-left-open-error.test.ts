import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { ScopeLeftOpenError } from "../src/scope-left-open-error.js";

test("names the task, the scope, and the places where they are known", () => {
  const places = { taken: "at crawl (a.ts:1:2)", left: "at main (a.ts:7:3)", text: "places\n" };
  const error = new ScopeLeftOpenError("crawler", "scope 'requests'", places);
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({
    name: "ScopeLeftOpenError",
    code: "TRESTLE_SCOPE_LEFT_OPEN",
    openedAt: places.taken,
    leftAt: places.left,
  });
  expect(error.message).toBe(
    "Cannot end task 'crawler' properly: it left scope 'requests' open.\nplaces\n" +
      "Run operations by 'yield*' only; do not call 'next' on them.",
  );
});
