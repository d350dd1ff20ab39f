import { afterEach, expect, test, vi } from "vitest";
import { warn } from "../src/warn.js";

afterEach(() => vi.unstubAllGlobals());

test("goes to Node's warnings, with a type and the code", () => {
  const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  warn("TRESTLE_EXAMPLE", "Cannot do it.");
  expect(emitWarning.mock.calls).toEqual([
    ["Cannot do it.", { type: "TrestleWarning", code: "TRESTLE_EXAMPLE" }],
  ]);
});

test("goes to the console of a platform that has no warnings", () => {
  const consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.stubGlobal("process", undefined);
  warn("TRESTLE_EXAMPLE", "Cannot do it.");
  expect(consoleWarn.mock.calls).toEqual([["TrestleWarning [TRESTLE_EXAMPLE]: Cannot do it."]]);
});
