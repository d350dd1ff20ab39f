import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { endText, returnCodeOf, signalNumber } from "../../src/process/signal-number.js";

test("knows the signals of this system", () => {
  expect([signalNumber("SIGKILL", "send"), signalNumber("SIGTERM", "send")]).toEqual([9, 15]);
  for (const wrong of ["SIGNONE", "sigterm", 15, undefined, "toString"])
    expect(() => signalNumber(wrong as never, "send")).toThrow(ArgumentError);
});

test("T204: a return code is the exit code, or the number of the signal with a minus", () => {
  expect(returnCodeOf(3, null)).toBe(3);
  expect(returnCodeOf(null, "SIGKILL")).toBe(-9);
  expect(returnCodeOf(null, null)).toBe(0);
  expect(endText(3, undefined)).toBe("it ended with the code 3");
  expect(endText(-9, "SIGKILL")).toBe("it was ended by SIGKILL");
});
