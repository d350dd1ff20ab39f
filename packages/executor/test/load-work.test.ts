import { expect, test } from "vitest";
import { functionIn, loadWork, requireReference } from "../src/load-work.js";
import { moduleRef } from "../src/module-ref.js";
import { WorkReferenceError } from "../src/work-reference-error.js";
import { work } from "./built-work.js";

test("gives the function of a reference, by its import or by its URL", async () => {
  const here = moduleRef(() => import("./work.js"), import.meta);
  expect((await loadWork(here.add))(1, 2)).toBe(3);
  expect((await loadWork(work.add))(1, 2)).toBe(3);
});

test("finds what CommonJS exports", () => {
  const add = () => 3;
  expect(functionIn({ default: { add } }, "a.cjs", "add")).toBe(add);
});

test("names what there is instead", () => {
  expect(() => functionIn({ add: 1, subtract: 2 }, "a.js", "add")).toThrow(
    "Cannot run 'add' of a.js: it is 1 (number), no function.\nThe module exports: add, subtract.",
  );
  expect(() => functionIn({}, "a.js", "add")).toThrow("exports: nothing");
});

test("refuses what is no reference, and tells a function how it can go", () => {
  requireReference(work.add);
  for (const wrong of [undefined, null, {}, { module: "a" }, "a"])
    expect(() => requireReference(wrong)).toThrow(WorkReferenceError);
  expect(() => requireReference(() => 5)).toThrow("put it into a module of its own");
});
