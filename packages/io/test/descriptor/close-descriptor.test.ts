import { ArgumentError, type Outcome } from "@trestle/host";
import { expect, test } from "vitest";
import { closeDescriptor } from "../../src/descriptor/close-descriptor.js";
import { whenReadable } from "../../src/readiness/readiness.js";
import { ClosedResourceError } from "../../src/resource-errors.js";
import { addon, hasAddon } from "../open-pair.js";

test.skipIf(!hasAddon)("closes, and tells those who wait", () => {
  const [reading, writing] = addon().pipe() as [number, number];
  const outcomes: Outcome<void>[] = [];
  whenReadable(reading)((outcome) => outcomes.push(outcome));
  closeDescriptor({ fd: reading });
  closeDescriptor(writing);
  expect(outcomes).toEqual([{ ok: false, error: expect.any(ClosedResourceError) }]);
});

test("what is no descriptor, or not open, is an error", () => {
  expect(() => closeDescriptor("5" as never)).toThrow(ArgumentError);
  expect(() => closeDescriptor(987_654)).toThrow("EBADF");
});
