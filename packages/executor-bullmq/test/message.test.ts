import { expect, test } from "vitest";
import { cancelChannel, isFailureMessage } from "../src/message.js";

test("has a channel for each queue", () => {
  expect(cancelChannel("bull", "images")).toBe("bull:images:trestle:cancel");
});

test("tells a failure that was written down from other progress", () => {
  expect(isFailureMessage({ reason: "no", error: "[]" })).toBe(true);
  for (const other of [0, 50, null, undefined, {}, { reason: "no" }])
    expect(isFailureMessage(other)).toBe(false);
});
