import { expect, test } from "vitest";
import { describe } from "../src/describe.js";

class Crawler {}

test.each([
  ["5", '"5" (string)'],
  ["a\nb", String.raw`"a\nb" (string)`],
  [5, "5 (number)"],
  [Number.NaN, "NaN (number)"],
  [5n, "5n (bigint)"],
  [true, "true (boolean)"],
  [Symbol("s"), "Symbol(s) (symbol)"],
  [undefined, "undefined"],
  [null, "null"],
  [{}, "an Object"],
  [[], "an Array"],
  [new Map(), "a Map"],
  [new Crawler(), "a Crawler"],
  [Object.create(null), "an Object"],
  [Promise.resolve(), "a Promise"],
  [new RangeError("too far"), "RangeError: too far"],
  [function load() {}, "load (function)"],
  [async function load() {}, "load (async function)"],
  [function* load() {}, "load (generator function)"],
  [async function* load() {}, "load (async generator function)"],
  [() => {}, "anonymous (function)"],
  [Crawler, "Crawler (function)"],
  [(function* load() {})(), "a Generator"],
])("says what %o is", (value, text) => {
  expect(describe(value)).toBe(text);
});

test("shortens a long text", () => {
  expect(describe("x".repeat(1000))).toBe(`"${"x".repeat(60)}…" (string)`);
});

test("never throws, whatever it is given", () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("hands off");
      },
      getPrototypeOf: () => {
        throw new Error("hands off");
      },
    },
  );
  expect(describe(hostile)).toBe("(object)");
});
