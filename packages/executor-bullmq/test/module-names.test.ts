import { moduleRef, WorkReferenceError } from "@trestle/executor";
import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { ModuleNames } from "../src/module-names.js";

const work = moduleRef<typeof import("./work-for-tests.js")>(
  new URL("work-for-tests.ts", import.meta.url),
);
const names = new ModuleNames({ work }, "open a queue");

test("gives a function's module by its name, and finds it again by that", () => {
  expect(names.nameOf(work.add, "submit 'add'")).toBe("work");
  expect(names.referenceTo("work", "add")).toEqual({ module: work.add.module, name: "add" });
});

test("names the modules that there are when another is asked for", () => {
  const other = { module: "file:///elsewhere.js", name: "add" };
  expect(() => names.nameOf(other, "submit 'add'")).toThrow(WorkReferenceError);
  expect(() => names.nameOf(other, "submit 'add'")).toThrow(/elsewhere\.js.*\('work'\)/u);
  expect(() => names.referenceTo("images", "resize")).toThrow(
    /no module 'images' \(it has 'work'\)/u,
  );
});

test("refuses a table that holds no module references", () => {
  const open = (modules: unknown): unknown => new ModuleNames(modules as never, "open a queue");
  expect(() => open(undefined)).toThrow(ArgumentError);
  expect(() => open({ work: "./work.js" })).toThrow(/'modules\.work'/u);
});
