import { expect, test } from "vitest";
import { BehaviourError } from "../src/behaviour-error.js";
import { expectSame } from "../src/expect-same.js";

test("accepts what is the same, lists member by member", () => {
  const object = {};
  expectSame("a number", Number.NaN, Number.NaN);
  expectSame("an object", object, object);
  expectSame(
    "a trace",
    [
      [0, "a"],
      [1, object],
    ],
    [
      [0, "a"],
      [1, object],
    ],
  );
});

test.each([
  ["another value", 1, 2],
  ["another object that looks alike", {}, {}],
  ["a list that ends earlier", [1], [1, 2]],
  ["a list that goes on", [1, 2], [1]],
  [
    "a list of another order",
    [
      [0, "b"],
      [0, "a"],
    ],
    [
      [0, "a"],
      [0, "b"],
    ],
  ],
  ["no list", "a", ["a"]],
])("refuses %s", (_what, actual, expected) => {
  expect(() => expectSame("it", actual, expected)).toThrow(BehaviourError);
});

test("says what was expected and what was there", () => {
  expect(() => expectSame("the order", ["b", 1], [["a"], undefined])).toThrow(
    'Cannot accept the order: expected [["a" (string)], undefined], got ["b" (string), 1 (number)].',
  );
});
