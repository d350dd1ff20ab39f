import { expect, test } from "vitest";
import { EXPOSED } from "../../src/protocol.js";
import { WorkReferenceError } from "../../src/work-reference-error.js";
import { exposeAs, WorkCache } from "../../src/worker/work-cache.js";
import { work } from "../built-work.js";

test("imports a function once, and has it from then on", async () => {
  const cache = new WorkCache();
  const { module, name } = work.add;
  expect(cache.get(module, name)).toBeUndefined();
  const add = await cache.load(module, name);
  expect(add(1, 2)).toBe(3);
  expect(cache.get(module, name)).toBe(add);
  expect(cache.get(module, "echo")).toBeUndefined();
});

test("finds what was exposed, and nothing else under that name", async () => {
  const cache = new WorkCache();
  exposeAs({ double: (number: number) => 2 * number });
  expect((await cache.load(EXPOSED, "double"))(21)).toBe(42);
  await expect(cache.load(EXPOSED, "treble")).rejects.toThrow(WorkReferenceError);
});
