import { BusyResourceError as StructuredBusyResourceError } from "@trestle/structured";
import { expect, test } from "vitest";
import {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
} from "../src/resource-errors.js";

test.each([
  [
    new ClosedResourceError("read"),
    "TRESTLE_CLOSED_RESOURCE",
    "Cannot read: it has been closed here.",
  ],
  [
    new BrokenResourceError("write", "nobody reads"),
    "TRESTLE_BROKEN_RESOURCE",
    "Cannot write: nobody reads.",
  ],
  [
    new BusyResourceError("read"),
    "TRESTLE_BUSY_RESOURCE",
    "Cannot read: somebody else does so at the moment.\nLet one task do it, or take turns with a lock.",
  ],
])("%s says what could not be done", (error, code, message) => {
  expect([error.code, error.message]).toEqual([code, message]);
});

test("are those of the structured runtime, for whoever asks by its classes", () => {
  expect(new BusyResourceError("read")).toBeInstanceOf(StructuredBusyResourceError);
  expect(new StructuredBusyResourceError("read")).toBeInstanceOf(BusyResourceError);
  expect(new ClosedResourceError("read")).not.toBeInstanceOf(StructuredBusyResourceError);
});
