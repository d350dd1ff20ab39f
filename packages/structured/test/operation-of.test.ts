import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test, vi } from "vitest";
import { checkpoint, sleep, type Operation } from "../src/index.js";
import { callStructured } from "../src/operation-of.js";

type AnyFunction = (...args: unknown[]) => Operation<unknown>;

function call(fn: unknown, ...args: unknown[]): unknown {
  return callStructured(fn as AnyFunction, args, "start a child");
}

describe("a structured function", () => {
  test("may be a generator function, or a plain function of an operation; it gets its arguments", () => {
    const generator = vi.fn<AnyFunction>(function* () {});
    call(generator, 1, 2);
    expect(generator).toHaveBeenCalledWith(1, 2);
    const operation = checkpoint();
    expect(call(() => operation)).toBe(operation);
  });

  test("may return anything with an iterator, so that libraries can have operations of their own", () => {
    const own = { [Symbol.iterator]: () => ({ next: () => ({ done: true, value: 1 }) }) };
    expect(call(() => own)).toBe(own);
  });
});

describe("what is none", () => {
  const async = async function load(): Promise<void> {};

  test.each([
    [
      "an async function",
      async,
      "Cannot start a child with load (async function): it belongs to the loop flavor.\n" +
        "Wrap it: 'asStructured(fn)' of @trestle/bridge runs it in a loop, " +
        "or write a generator function that calls it with 'yield* abortable((signal) => fn(signal))'.",
    ],
    [
      "an async generator function",
      async function* items() {},
      "Cannot start a child with items (async generator function): it belongs to the loop flavor.\n" +
        "Write a generator function; one that reads an async iterable gets it through 'asStructured' of @trestle/bridge.",
    ],
    [
      "a promise",
      Promise.resolve(),
      "Cannot start a child with a Promise: a structured function is wanted.\n" +
        "That is a promise: its work runs already. Wait for it with 'yield* fromPromise(promise)'.",
    ],
    [
      "a generator object",
      (function* () {})(),
      "Cannot start a child with a Generator: a structured function is wanted.\n" +
        "Give the function itself and its arguments, not what a call of it returned.",
    ],
    [
      "an operation of the runtime, although it has a then that refuses",
      sleep(1),
      "Cannot start a child with a Sleep: a structured function is wanted.\n" +
        "Give the function itself and its arguments, not what a call of it returned.",
    ],
    [
      "an array",
      [sleep, 1],
      "Cannot start a child with an Array: a structured function is wanted.\n" +
        "Give the function itself and its arguments, not what a call of it returned.",
    ],
    [
      "nothing",
      undefined,
      "Cannot start a child with undefined: a structured function is wanted.\n" +
        "Give a generator function: 'function* () { ... }'.",
    ],
    [
      "a function that returns nothing",
      function forgetful() {},
      "Cannot start a child: forgetful (function) returned undefined, not an operation.\n" +
        "Write it as a generator function: 'function* () { ... }'.",
    ],
    [
      "a function that returns an array, which would pass for an operation",
      function list() {
        return [];
      },
      "Cannot start a child: list (function) returned an Array, not an operation.\n" +
        "Write it as a generator function: 'function* () { ... }'.",
    ],
  ])("is told in words: %s (RUN-5, T1, T70)", (_name, fn, message) => {
    expect(() => call(fn)).toThrow(WrongFlavorError);
    expect(() => call(fn)).toThrow(message);
  });

  test("is not called where it is async: nothing has begun", () => {
    const began = vi.fn<() => void>();
    expect(() =>
      call(async () => {
        began();
      }),
    ).toThrow(WrongFlavorError);
    expect(began).not.toHaveBeenCalled();
  });

  test("is told where it is a plain function of a promise, whose rejection is not unhandled", async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on("unhandledRejection", unhandled);
    expect(() => call(() => Promise.reject(new Error("nobody's")))).toThrow(
      /it belongs to the loop flavor/,
    );
    await new Promise((resolve) => void setImmediate(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
