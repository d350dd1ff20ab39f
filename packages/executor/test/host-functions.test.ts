import { failure, success, type Outcome } from "@trestle/host";
import { expect, test } from "vitest";
import { HostFunctionError } from "../src/host-function-error.js";
import { callHostFunction, hostFunction } from "../src/host-functions.js";

function answerTo(name: string, ...args: unknown[]): Promise<Outcome<unknown>> {
  const functions = {
    add: (one: number, two: number) => one + two,
    later: async (value: unknown) => value,
    fail: () => {
      throw new Error("no");
    },
    failLater: async () => {
      throw new Error("no, later");
    },
  };
  return new Promise((answer) => {
    callHostFunction(functions, { name, args, isBlocking: false, answer });
  });
}

test("answers with what the function returns, or its promise comes to", async () => {
  expect(await answerTo("add", 1, 2)).toEqual(success(3));
  expect(await answerTo("later", 5)).toEqual(success(5));
});

test("answers with what it throws", async () => {
  expect(await answerTo("fail")).toEqual(failure(new Error("no")));
  expect(await answerTo("failLater")).toEqual(failure(new Error("no, later")));
});

test("knows only what was given, and says what that is", async () => {
  expect(await answerTo("toString")).toMatchObject({ ok: false });
  expect(() => hostFunction({ log: () => {} }, "lag")).toThrow("Given are: log.");
  expect(() => hostFunction(undefined, "log")).toThrow("`{ host: { log } }`");
  expect(() => hostFunction({ log: 5 as never }, "log")).toThrow(HostFunctionError);
});
