import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { placesText, ScopeLeftOpenError } from "../src/scope-left-open-error.js";

test("names the task, the scope, and the places where they are known", () => {
  const places = { taken: "at crawl (a.ts:1:2)\nat main (a.ts:9:1)", left: "at main (a.ts:7:3)" };
  const error = new ScopeLeftOpenError("crawler", "scope 'requests'", places);
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({
    name: "ScopeLeftOpenError",
    code: "TRESTLE_SCOPE_LEFT_OPEN",
    openedAt: places.taken,
    leftAt: places.left,
  });
  expect(error.message).toBe(
    "Cannot end task 'crawler' properly: it left scope 'requests' open.\n" +
      "It was opened\n  at crawl (a.ts:1:2)\n  at main (a.ts:9:1)\n" +
      "and its task waited last\n  at main (a.ts:7:3)\n" +
      "Run operations by 'yield*' only; do not call 'next' on them.",
  );
});

test("says how to get to know the places, or only the one that is known", () => {
  expect(placesText("acquired", undefined, undefined)).toBe(
    "To see where, run it with 'instruments: [tracePlaces()]'.\n",
  );
  expect(placesText("acquired", "at main (a.ts:7:3)", undefined)).toBe(
    "It was acquired\n  at main (a.ts:7:3)\n",
  );
});
