import { ArgumentError, ExceptionGroup, TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { encodeError, type EncodedError } from "../src/encode-error.js";
import { registerErrorClass } from "../src/error-classes.js";
import { reviveError } from "../src/revive-error.js";

function travelled(thrown: unknown): unknown {
  return reviveError(structuredClone(encodeError(thrown)));
}

test("an error of a built-in class is one again, with its cause and its own properties", () => {
  const error = Object.assign(new TypeError("no string", { cause: new RangeError("far") }), {
    code: "E_TYPE",
  });
  const back = travelled(error) as TypeError & { code: string };
  expect(back).toBeInstanceOf(TypeError);
  expect(back.cause).toBeInstanceOf(RangeError);
  expect([back.name, back.message, back.code, back.stack]).toEqual([
    "TypeError",
    "no string",
    "E_TYPE",
    error.stack,
  ]);
});

test("a registered class is given back, any other one as an Error of that name", () => {
  class LostError extends Error {
    override readonly name = "LostError";
    readonly place = "attic";
    where(): string {
      return `in the ${this.place}`;
    }
  }
  const unknown = travelled(new LostError("gone")) as LostError;
  expect(unknown).not.toBeInstanceOf(LostError);
  expect([unknown.name, unknown.place]).toEqual(["LostError", "attic"]);
  registerErrorClass(LostError);
  const known = travelled(new LostError("gone")) as LostError;
  expect(known).toBeInstanceOf(LostError);
  expect(known.where()).toBe("in the attic");
});

test("an error of Trestle is recognized by its class", () => {
  const back = travelled(new ArgumentError("no"));
  expect(back).toBeInstanceOf(ArgumentError);
  expect(back).toBeInstanceOf(TrestleError);
});

test("groups keep their class and their errors", () => {
  const group = travelled(new ExceptionGroup("two", [new Error("one"), new TypeError("two")]));
  expect(group).toBeInstanceOf(ExceptionGroup);
  expect((group as ExceptionGroup).errors[1]).toBeInstanceOf(TypeError);
  expect((travelled(new AggregateError(["a"], "m")) as AggregateError).errors).toEqual(["a"]);
});

test("a DOMException keeps its name and code", () => {
  const back = travelled(new DOMException("stop", "AbortError")) as DOMException;
  expect(back).toBeInstanceOf(DOMException);
  expect([back.name, back.message, back.code]).toEqual(["AbortError", "stop", 20]);
});

test("what is no error comes back as it was, what cannot travel as an error in words", () => {
  expect(travelled(undefined)).toBe(undefined);
  expect(travelled("text")).toBe("text");
  expect(travelled(Symbol("no"))).toEqual(new Error("Symbol(no)"));
});

test.each([
  ["Node", "ThreadSide.#call ([worker eval]:10:2853)"],
  ["Bun", "#call (blob:d8cfb127-3714-4f80-a6db-d9c0cf193635:10:2853)"],
  ["Deno", "ThreadSide.#call ([ext:runtime/web_worker.rs:1177:35]:14:2853)"],
])("the lines of the thread's own code are left out, as %s calls them", (_, ownLine) => {
  const error = new Error("far");
  const stack = "Error: far\n    at crunch (blob.js:15:30)";
  error.stack = `${stack}\n    at ${ownLine}\n    at async more (of-it.js:1:1)`;
  expect((travelled(error) as Error).stack).toBe(stack);
});

test("another stack goes to the end of its own", () => {
  const error = new Error("far");
  const back = reviveError(encodeError(error), "    at main (main.js:1:1)") as Error;
  expect(back.stack).toBe(`${error.stack}\n    --- worker boundary ---\n    at main (main.js:1:1)`);
});

test("own properties come back where the class here has an accessor of that name", () => {
  class QuotaError extends Error {
    get limit(): number {
      return 5;
    }
  }
  registerErrorClass(QuotaError);
  const sent = { ...encodeError(new QuotaError("m")), fields: { limit: 7 } } as EncodedError;
  const back = reviveError(sent) as QuotaError;
  expect([back instanceof QuotaError, back.limit, Object.keys(back)]).toEqual([true, 7, ["limit"]]);
});

test("a message of very many empty lines takes no time", () => {
  const error = new Error("\n".repeat(300_000));
  expect((travelled(error) as Error).stack).toBe(error.stack);
});
