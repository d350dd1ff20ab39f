import { expect, test } from "vitest";
import { exposed } from "../src/exposed.js";
import { EXPOSED } from "../src/protocol.js";

test("refers to what a worker's own file exposes", () => {
  const work = exposed<{ double(number: number): number }>();
  expect(work.double).toEqual({ module: EXPOSED, name: "double" });
});
