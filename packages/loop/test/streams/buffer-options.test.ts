import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkBuffers, checkLimit } from "../../src/streams/buffer-options.js";

test("a limit is a whole number of bytes, 1 or more, or none", () => {
  checkLimit(1, "read");
  checkLimit(Number.POSITIVE_INFINITY, "read");
  for (const limit of [0, -1, 1.5, Number.NaN, "1" as never]) {
    expect(() => checkLimit(limit, "read")).toThrow(ArgumentError);
  }
});

test("a high water mark may be 0: then drain waits until all is sent", () => {
  checkBuffers({}, "connect");
  checkBuffers({ limit: 1, highWaterMark: 0 }, "connect");
  expect(() => checkBuffers({ highWaterMark: Number.NaN }, "connect")).toThrow(ArgumentError);
  expect(() => checkBuffers({ limit: 0 }, "connect")).toThrow("Cannot connect with a limit of 0");
});
