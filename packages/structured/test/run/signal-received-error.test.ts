import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { SignalReceivedError } from "../../src/run/signal-received-error.js";

test("names the signal", () => {
  const error = new SignalReceivedError("SIGTERM");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "SignalReceivedError", code: "TRESTLE_SIGNAL_RECEIVED" });
  expect(error.signal).toBe("SIGTERM");
  expect(error.message).toBe(
    "Cannot go on: the process received SIGTERM.\n" +
      "Clean up in 'finally' and let Cancelled pass; a second signal ends the process at once.",
  );
});
