import { runInNewContext } from "node:vm";
import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { noBytes, requireBytes, requireCount, requireMaxBytes } from "../../src/streams/bytes.js";

describe("what may be given to a stream", () => {
  test("is bytes, of another realm too", () => {
    for (const good of [
      new Uint8Array(1),
      Buffer.from("a"),
      runInNewContext("new Uint8Array(1)") as unknown,
    ]) {
      expect(() => requireBytes(good, "send")).not.toThrow();
    }
    for (const bad of ["a", undefined, null, 1, [1], new Uint16Array(1), new ArrayBuffer(1)]) {
      expect(() => requireBytes(bad, "send")).toThrow(ArgumentError);
    }
    expect(() => requireBytes("a", "send")).toThrow(/^Cannot send "a" \(string\): /);
  });

  test("is a whole number of bytes", () => {
    expect(() => requireCount(0, 0, "read")).not.toThrow();
    expect(() => requireMaxBytes(undefined)).not.toThrow();
    expect(() => requireMaxBytes(1)).not.toThrow();
    for (const bad of [0, -1, 1.5, Number.NaN, Infinity, "1" as never, null as never]) {
      expect(() => requireMaxBytes(bad)).toThrow(ArgumentError);
    }
  });

  test("has an end that nobody can change for others", () => {
    expect(noBytes()).toHaveLength(0);
    expect(noBytes()).not.toBe(noBytes());
  });
});
