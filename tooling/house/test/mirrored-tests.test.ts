import { expect, test } from "vitest";
import { mirroredTests } from "../rules/mirrored-tests.js";
import { problems } from "./planted.js";

test("finds a source without its test", () => {
  const found = problems(mirroredTests, {
    "packages/loop/src/future.ts": "export class Future {}",
    "packages/loop/src/sync/lock.ts": "export class Lock {}",
    "packages/loop/test/lock.test.ts": "",
  });
  expect(found).toEqual([
    "no test at packages/loop/test/future.test.ts",
    "no test at packages/loop/test/sync/lock.test.ts",
  ]);
});

test("asks for none where a file only lists names or types", () => {
  const found = problems(mirroredTests, {
    "packages/loop/src/index.ts": `export { Future } from "./future.js";`,
    "packages/loop/src/wait.ts": `
      import type { Outcome } from "./outcome.js";
      export interface Wait { (outcome: Outcome): void }
      export type Abort = () => void;
    `,
    "packages/loop/src/future.ts": "export class Future {}",
    "packages/loop/test/future.test.ts": "",
  });
  expect(found).toEqual([]);
});
