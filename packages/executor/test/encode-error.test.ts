import { expect, test } from "vitest";
import { encodeError, isCloneable } from "../src/encode-error.js";

class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status = 404;
  readonly response = { url: "/a", retry: () => {} };
  readonly headers = { etag: "7" };
}

test("an error keeps its class, name, message, stack and what of its own properties can travel", () => {
  const error = new HttpError("not found");
  expect(encodeError(error)).toEqual({
    kind: "error",
    className: "HttpError",
    name: "HttpError",
    message: "not found",
    stack: error.stack,
    fields: { status: 404, headers: { etag: "7" } },
  });
});

test("whoever sends by other means says what can travel", () => {
  const canTravel = (value: unknown): boolean => typeof value === "number";
  expect(encodeError(new HttpError("not found"), { canTravel })).toMatchObject({
    fields: { status: 404 },
  });
});

test("a cause and the errors of a group go along, also where they lead back", () => {
  const cause = new TypeError("no string");
  const group = new AggregateError([new RangeError("far"), "text"], "two", { cause });
  cause.cause = group;
  expect(encodeError(group)).toMatchObject({
    className: "AggregateError",
    cause: { className: "TypeError", cause: { kind: "description", text: "AggregateError: two" } },
    errors: [{ className: "RangeError" }, { kind: "value", value: "text" }],
  });
  const twice = new Error("one");
  expect(encodeError(new AggregateError([twice, twice]))).toMatchObject({
    errors: [{ message: "one" }, { message: "one" }],
  });
});

test("what is no error goes as a value, and what cannot travel in words", () => {
  expect(encodeError(undefined)).toEqual({ kind: "value", value: undefined });
  expect(encodeError({ at: 5 })).toEqual({ kind: "value", value: { at: 5 } });
  expect(encodeError(Symbol("no"))).toEqual({ kind: "description", text: "Symbol(no)" });
  expect(encodeError(Object.assign(Object.create(null), { f: () => {} }))).toEqual({
    kind: "description",
    text: "[object Object]",
  });
});

test("an error whose properties throw is encoded all the same", () => {
  const error = new Error("odd");
  for (const key of ["stack", "name", "message", "cause", "extra"]) {
    Object.defineProperty(error, key, {
      enumerable: true,
      get: () => {
        throw new Error("a trap");
      },
    });
  }
  expect(encodeError(error)).toEqual({
    kind: "error",
    className: "Error",
    name: "Error",
    message: "",
    stack: "",
    fields: {},
  });
});

test("what the platform can copy is told without a copy for plain values", () => {
  expect([1, "a", null, undefined, true, 5n, { a: 1 }, [1]].every(isCloneable)).toBe(true);
  expect([() => {}, Symbol("a"), { f: () => {} }, new WeakMap()].some(isCloneable)).toBe(false);
});
