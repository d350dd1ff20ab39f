import { expect, test } from "vitest";
import { fileNames } from "../rules/file-names.js";
import { places } from "./planted.js";

test("finds names that take anything in, of files and of folders", () => {
  const found = places(fileNames, {
    "packages/loop/src/utils.ts": "",
    "packages/loop/src/shared/queue.ts": "",
    "packages/loop/src/types.ts": "",
    "packages/loop/test/helpers.ts": "",
    "tooling/bench/src/lib/clock.js": "",
    "docs/examples/hello/src/common.ts": "",
  });
  expect(found).toEqual([
    "docs/examples/hello/src/common.ts:1",
    "packages/loop/src/shared/queue.ts:1",
    "packages/loop/src/types.ts:1",
    "packages/loop/src/utils.ts:1",
    "packages/loop/test/helpers.ts:1",
    "tooling/bench/src/lib/clock.js:1",
  ]);
});

test("finds an index that is no entry, and a name in capitals", () => {
  const found = places(fileNames, {
    "packages/loop/src/sync/index.ts": "",
    "packages/loop/src/EventLoop.ts": "",
  });
  expect(found).toEqual(["packages/loop/src/EventLoop.ts:1", "packages/loop/src/sync/index.ts:1"]);
});

test("lets entries, nouns and the tests of types be", () => {
  const found = places(fileNames, {
    "packages/loop/src/event-loop.ts": "",
    "packages/loop/src/sync/lock.ts": "",
    "packages/loop/test/index.test.ts": "",
    "packages/loop/test/types/future.test-d.ts": "",
    "vitest.config.ts": "",
  });
  expect(found).toEqual([]);
});
