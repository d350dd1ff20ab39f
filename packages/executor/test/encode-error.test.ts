import { expect, test } from "vitest";
import { encodeError, isCloneable, type EncodedError } from "../src/encode-error.js";

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

const trap = (): never => {
  throw new Error("a trap");
};

test.each<[what: string, thrown: unknown, text: string]>([
  [
    "an object whose tag is a trap",
    {
      get [Symbol.toStringTag]() {
        return trap();
      },
      f: trap,
    },
    "(object)",
  ],
  ["a revoked proxy", revokedProxy(), "(object)"],
  [
    "a proxy all of whose traps throw",
    new Proxy(new Error("x"), { getPrototypeOf: trap, get: trap, ownKeys: trap }),
    "(object)",
  ],
])("%s goes in words", (_what, thrown, text) => {
  expect(encodeError(thrown)).toEqual({ kind: "description", text });
});

test("an error with traps where no property is expected to throw is encoded all the same", () => {
  class Nameless extends Error {
    static override get name(): never {
      return trap();
    }
  }
  class Numbered extends Error {
    static override readonly name = Symbol("a name") as unknown as string;
  }
  const keyless = new Proxy(new Error("no keys"), { ownKeys: trap });
  const errors = new Proxy([new Error("in a group")], {
    get: (list, key) => (key === "map" ? trap() : Reflect.get(list, key)),
  });
  for (const error of [new Nameless("m"), new Numbered("m"), keyless])
    expect(encodeError(error)).toMatchObject({ kind: "error", className: "Error" });
  expect(encodeError(Object.assign(new AggregateError([]), { errors }))).toMatchObject({
    errors: [{ message: "in a group" }],
  });
});

test("a property that cannot be asked whether it travels stays behind", () => {
  expect(encodeError(new HttpError("not found"), { canTravel: trap })).toMatchObject({
    fields: {},
  });
});

test("of causes and groups without end the first thousand go along", () => {
  let chain = new Error("0");
  for (let i = 1; i < 50_000; i++) chain = new Error(String(i), { cause: chain });
  let depth = 0;
  for (let at: EncodedError | undefined = encodeError(chain); at?.kind === "error"; at = at.cause)
    depth++;
  expect(depth).toBe(1000);
  // Doubled 40 times.
  let tree: Error = new Error("leaf");
  for (let i = 0; i < 40; i++) tree = new AggregateError([tree, tree]);
  expect(JSON.stringify(encodeError(tree)).match(/"kind":"error"/gu)?.length).toBe(1000);
});

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
