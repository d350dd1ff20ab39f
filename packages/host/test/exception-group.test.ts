import { expect, test, vi } from "vitest";
import { ExceptionGroup } from "../src/exception-group.js";

const a = new Error("a");
const b = new RangeError("b");
const c = new TypeError("c");

function isRange(error: unknown): boolean {
  return error instanceof RangeError;
}

test("is an AggregateError with the errors in their order", () => {
  const group = new ExceptionGroup("two failed", [b, a], { cause: c });
  expect(group).toBeInstanceOf(AggregateError);
  expect(group.name).toBe("ExceptionGroup");
  expect(group.message).toBe("two failed");
  expect(group.errors).toEqual([b, a]);
  expect(group.cause).toBe(c);
  expect(new ExceptionGroup("no cause", [a])).not.toHaveProperty("cause");
});

test("takes any iterable, and any value as an error", () => {
  expect(new ExceptionGroup("odd", new Set([undefined, "text"])).errors).toEqual([
    undefined,
    "text",
  ]);
});

test("refuses to be empty", () => {
  expect(() => new ExceptionGroup("none", [])).toThrow(
    "Cannot make an 'ExceptionGroup': it has no errors.",
  );
});

test("flattens groups within groups, in order", () => {
  const group = new ExceptionGroup("outer", [
    a,
    new ExceptionGroup("inner", [b, new ExceptionGroup("core", [c])]),
    a,
  ]);
  expect(group.flatten()).toEqual([a, b, c, a]);
});

test("flattens groups that are many levels deep, and wide ones", () => {
  let group = new ExceptionGroup(
    "innermost",
    Array.from({ length: 200_000 }, () => b),
  );
  for (let level = 0; level < 20_000; level++) group = new ExceptionGroup("around", [group, c]);
  const flat = group.flatten();
  expect(flat).toHaveLength(220_000);
  expect([flat[0], flat.at(-1)]).toEqual([b, c]);
});

test("splits, and keeps the structure of both sides", () => {
  const inner = new ExceptionGroup("inner", [b, c]);
  const group = new ExceptionGroup("outer", [a, inner, b], { cause: "the cause" });
  const [ranges, rest] = group.split(isRange);
  expect(ranges?.message).toBe("outer");
  expect(ranges?.cause).toBe("the cause");
  expect(ranges?.errors).toEqual([new ExceptionGroup("inner", [b]), b]);
  expect(rest?.errors).toEqual([a, new ExceptionGroup("inner", [c])]);
  expect(ranges?.stack).toBe(group.stack);
});

test("splits off nothing where one side is empty, and gives itself where nothing changes", () => {
  const group = new ExceptionGroup("outer", [a, new ExceptionGroup("inner", [c])]);
  expect(group.split(isRange)).toEqual([undefined, group]);
  expect(group.split(isRange)[1]).toBe(group);
  expect(group.split(() => true)[0]).toBe(group);
});

test("asks once for each error that is no group", () => {
  const asked: unknown[] = [];
  new ExceptionGroup("outer", [a, new ExceptionGroup("inner", [b]), c]).split(
    (error) => asked.push(error) > 1,
  );
  expect(asked).toEqual([a, b, c]);
});

test("summarizes itself, a line an error, groups indented", () => {
  const inner = new ExceptionGroup("inner", [b, new Error("two\nlines")]);
  expect(new ExceptionGroup("outer", [a, inner, "text"]).summary()).toBe(
    [
      "outer",
      "  Error: a",
      "  inner",
      "    RangeError: b",
      "    Error: two",
      '  "text" (string)',
    ].join("\n"),
  );
});

test("is recognized across two copies of the package, also within groups", async () => {
  vi.resetModules();
  const copy = await import("../src/exception-group.js");
  expect(copy.ExceptionGroup).not.toBe(ExceptionGroup);
  const foreign: unknown = new copy.ExceptionGroup("foreign", [b, c]);
  expect(foreign instanceof ExceptionGroup).toBe(true);
  const [ranges, rest] = new ExceptionGroup("ours", [a, foreign]).split(isRange);
  expect(ranges?.flatten()).toEqual([b]);
  expect(rest?.flatten()).toEqual([a, c]);
});

test("is not taken for a class made from it, nor any AggregateError for it", () => {
  class CrawlErrors extends ExceptionGroup {}
  const group: unknown = new ExceptionGroup("plain", [a]);
  const crawl: unknown = new CrawlErrors("crawl", [a]);
  const aggregate: unknown = new AggregateError([a], "aggregate");
  expect([crawl instanceof CrawlErrors, crawl instanceof ExceptionGroup]).toEqual([true, true]);
  expect(group instanceof CrawlErrors).toBe(false);
  expect(aggregate instanceof ExceptionGroup).toBe(false);
});
