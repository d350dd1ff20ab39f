import { ArgumentError } from "@trestle/host";
import { expect, test, vi } from "vitest";
import { lateJob, warnOfLateError } from "../src/late-error.js";

test("tells whose it is, where that is known", () => {
  const message = { kind: "late", error: { kind: "value", value: 1 } } as const;
  expect(lateJob({ ...message, id: 7, name: "crunch" })).toEqual({ id: "7", name: "crunch" });
  expect(lateJob({ ...message, id: undefined, name: undefined })).toBeUndefined();
});

test("becomes a warning of the process", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  warnOfLateError(new ArgumentError("no"), { id: "7", name: "crunch" });
  warnOfLateError("text", undefined);
  expect(warn.mock.calls.map(([message]) => message)).toEqual([
    "An error came from the job 'crunch', which had ended: ArgumentError: no (TRESTLE_ARGUMENT). Its thread takes no more jobs.",
    'An error came from an idle thread: "text" (string). Its thread takes no more jobs.',
  ]);
  expect(warn.mock.calls[0]?.[1]).toMatchObject({ code: "TRESTLE_LATE_ERROR" });
});
