import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { explainYield } from "../src/foreign-yield.js";
import { run, sleep, type Operation } from "../src/index.js";

describe("what is said about a yielded value", () => {
  test("begins with the value and its type", () => {
    const error = explainYield(42);
    expect(error).toBeInstanceOf(WrongFlavorError);
    expect(error.message).toMatch(
      /^Cannot wait for 42 \(number\): a plain 'yield' is not for structured code\.\n/,
    );
  });

  test.each([
    ["a promise", Promise.resolve(), "Write 'yield* fromPromise(promise)'"],
    ["a promise (2)", Promise.resolve(), "'yield* abortable((signal) => ...)'"],
    ["a promise (3)", Promise.resolve(), "'asStructured' of @trestle/bridge"],
    ["an operation of the runtime", sleep(1), "An operation is run by 'yield*', with the star."],
    ["a generator", (function* () {})(), "An operation is run by 'yield*', with the star."],
    [
      "an async generator",
      (async function* () {})(),
      "Give an async iterable to 'asStructured' of @trestle/bridge.",
    ],
    ["a function", sleep, "Call the function, and write 'yield*' before the call."],
    ["nothing", undefined, "to give others a turn, write 'yield* checkpoint()'"],
    ["an array of operations", [sleep(1)], "Operations are run by 'yield*'"],
  ])("names what was meant by %s", (_name, value, advice) => {
    expect(explainYield(value).message).toContain(advice);
  });
});

test("names what stands behind a 'yield*' and is no operation", async () => {
  const wrong = [1, 2] as unknown as Operation<void>;
  const ended = run(function* () {
    yield* wrong;
  });
  await expect(ended).rejects.toThrow(WrongFlavorError);
  await expect(ended).rejects.toThrow(
    "Cannot run an iterable that gave 1 (number): it is no operation.",
  );
});

test("lets a generator answer for itself when it is told", async () => {
  const answer = new TypeError("not here");
  const ended = run(function* () {
    try {
      yield 1 as never;
    } catch {
      throw answer;
    }
  });
  await expect(ended).rejects.toBe(answer);
});
