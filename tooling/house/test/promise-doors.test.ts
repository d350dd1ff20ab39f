import { expect, test } from "vitest";
import { promiseDoors } from "../rules/promise-doors.js";
import { places } from "./planted.js";

test("finds promises in the structured runtime", () => {
  const path = "packages/structured/src/nursery.ts";
  const lines = [
    "let left: Promise<number>;",
    "let right: PromiseLike<number>;",
    "const settled = Promise.resolve();",
    "const later = async () => {};",
    "class Room { async open() {} }",
    "for await (const item of items) {}",
    "await settled;",
  ];
  const found = places(promiseDoors, { [path]: lines.join("\n") });
  expect(found).toEqual(lines.map((_, at) => `${path}:${at + 1}`));
});

test("lets the doors have them, and the other runtime", () => {
  const found = places(promiseDoors, {
    "packages/structured/src/run/run.ts": "export async function run() {}",
    "packages/structured/src/run/main.ts": "export async function main() {}",
    "packages/structured/src/interop/from-promise.ts": "let promise: Promise<number>;",
    "packages/structured/src/testing/under-seeds.ts": "await test(seed);",
    "packages/structured/src/task.ts":
      "const message = 'a Promise'; // Promise\nlet x: Room.Promise;",
    "packages/structured/test/task.test.ts": "await run();",
    "packages/loop/src/future.ts": "let promise: Promise<number>;",
  });
  expect(found).toEqual([]);
});
