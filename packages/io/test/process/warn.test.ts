import { expect, test, vi } from "vitest";
import { warn } from "../../src/process/warn.js";

test("a warning of the process, with its code", () => {
  const spy = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  warn("TRESTLE_PROCESS_LEFT", "It is left.");
  expect(spy.mock.calls).toEqual([
    ["It is left.", { type: "TrestleWarning", code: "TRESTLE_PROCESS_LEFT" }],
  ]);
});
