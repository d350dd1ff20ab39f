import { TrestleError } from "@trestle/host";
import { expect, test, vi } from "vitest";
import { TrestleDeprecationWarning, warnDeprecated } from "../src/deprecation-warning.js";

test("is emitted as a warning of the process, once for each thing", () => {
  const emit = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  for (const what of ["'one' of the test", "'two' of the test", "'one' of the test"])
    warnDeprecated(what, "Do without.");
  expect(emit.mock.calls.map(([warning]) => String(warning))).toEqual([
    "TrestleDeprecationWarning: 'one' of the test is deprecated.\nDo without.",
    "TrestleDeprecationWarning: 'two' of the test is deprecated.\nDo without.",
  ]);
  const [warning] = emit.mock.calls[0] as unknown as [TrestleDeprecationWarning];
  expect(warning).toBeInstanceOf(TrestleDeprecationWarning);
  expect(warning).toBeInstanceOf(TrestleError);
  expect(warning.code).toBe("TRESTLE_DEPRECATED");
});

test("goes to the console where the platform has no warnings", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.stubGlobal("process", undefined);
  try {
    warnDeprecated("'three' of the test", "Do without.");
  } finally {
    vi.unstubAllGlobals();
  }
  expect(warn.mock.calls).toEqual([
    [
      "TrestleDeprecationWarning [TRESTLE_DEPRECATED]: 'three' of the test is deprecated.\nDo without.",
    ],
  ]);
});
