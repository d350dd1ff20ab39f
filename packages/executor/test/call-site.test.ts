import { expect, test } from "vitest";
import { captureCallSite, linesOf } from "../src/call-site.js";

test("gives the lines below a function, without a heading", () => {
  function submit() {
    return captureCallSite(submit);
  }
  const lines = linesOf(submit())?.split("\n") ?? [];
  expect(lines[0]).toMatch(/^\s+at .*call-site\.test\.ts:\d+:\d+/u);
  expect(lines.join("\n")).not.toContain("at submit");
  expect(linesOf(undefined)).toBeUndefined();
});
