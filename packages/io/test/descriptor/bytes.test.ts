import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { requireBytes, requireMaxBytes } from "../../src/descriptor/bytes.js";

test("bytes are Uint8Arrays, Buffers among them", () => {
  for (const good of [new Uint8Array(1), Buffer.alloc(1)]) requireBytes(good, "write");
  for (const bad of ["text", [1], new Uint16Array(1), undefined]) {
    expect(() => requireBytes(bad, "write")).toThrow(ArgumentError);
  }
});

test("a number of bytes is a whole number from 1, or left out", () => {
  for (const good of [1, 65_536, undefined]) requireMaxBytes(good);
  for (const bad of [0, -1, 1.5, Number.NaN, "1", null]) {
    expect(() => requireMaxBytes(bad)).toThrow(ArgumentError);
  }
});
