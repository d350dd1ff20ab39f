import { fileURLToPath } from "node:url";
import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { loadOf, moduleRef } from "../src/module-ref.js";
import { WorkReferenceError } from "../src/work-reference-error.js";

const url = new URL("work.ts", import.meta.url).href;

test("refers to the functions of the module that is imported, without importing it", () => {
  let isLoaded = false;
  const work = moduleRef(() => ((isLoaded = true), import("./work.js")), import.meta);
  expect(work.add).toEqual({ module: url, name: "add" });
  expect(work.add).toBe(work.add);
  expect(isLoaded).toBe(false);
});

test("takes a URL, the path of a file, and the path of the file that imports", () => {
  type Work = typeof import("./work.js");
  expect(moduleRef<Work>(new URL(url)).add.module).toBe(url);
  expect(moduleRef<Work>(url).add.module).toBe(url);
  expect(moduleRef<Work>(fileURLToPath(url)).add.module).toBe(url);
  const here = fileURLToPath(import.meta.url);
  expect(moduleRef(() => import("./work.js"), here).add.module).toBe(url);
});

test("can come out of a promise, and be printed", async () => {
  const work = moduleRef(() => import("./work.js"), import.meta);
  expect(await Promise.resolve(work)).toBe(work);
  expect(Object.prototype.toString.call(work)).toBe("[object Object]");
});

test("keeps the import, for who runs the work here", async () => {
  const work = moduleRef(() => import("./work.js"), import.meta);
  expect(await loadOf(work.add as never)?.()).toHaveProperty("add");
  expect(loadOf(moduleRef<{ add(): void }>(url).add as never)).toBeUndefined();
});

test("refuses what names no module", () => {
  expect(() => moduleRef(async () => ({}), import.meta)).toThrow(WorkReferenceError);
  expect(() => moduleRef(() => import("./work.js"), {} as never)).toThrow(ArgumentError);
  expect(() => moduleRef("work.js")).toThrow(ArgumentError);
  expect(() => moduleRef(5 as never)).toThrow("5 (number)");
});
