import { describe, expect, test } from "vitest";
import { MergedCalls } from "../../src/run/merged-calls.js";

const fn = (): void => {};

describe("merged calls", () => {
  test("are equal by function and by each argument", () => {
    const calls = new MergedCalls();
    const object = {};
    expect(calls.add({ fn, args: [] })).toBe(true);
    expect(calls.add({ fn, args: [] })).toBe(false);
    expect(calls.add({ fn: () => {}, args: [] })).toBe(true);
    expect(calls.add({ fn, args: [object] })).toBe(true);
    expect(calls.add({ fn, args: [object] })).toBe(false);
    expect(calls.add({ fn, args: [{}] })).toBe(true);
    expect(calls.add({ fn, args: [Number.NaN] })).toBe(true);
    expect(calls.add({ fn, args: [Number.NaN] })).toBe(false);
  });

  test("are no more equal for being the beginning of another", () => {
    const calls = new MergedCalls();
    expect(calls.add({ fn, args: [1, 2] })).toBe(true);
    expect(calls.add({ fn, args: [1] })).toBe(true);
    calls.remove({ fn, args: [1] });
    expect(calls.add({ fn, args: [1, 2] })).toBe(false);
    calls.remove({ fn, args: [1, 2] });
    expect(calls.add({ fn, args: [1, 2] })).toBe(true);
    expect(calls.add({ fn, args: [1] })).toBe(true);
  });

  test("may be removed without being there", () => {
    const calls = new MergedCalls();
    calls.remove({ fn, args: [1] });
    expect(calls.add({ fn, args: [1] })).toBe(true);
  });
});
