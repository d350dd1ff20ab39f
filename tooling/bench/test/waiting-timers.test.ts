import { expect, test, vi } from "vitest";
import { waitingTimers } from "../src/waiting-timers.js";

// The runner of the tests has timers of its own, which come and go: what the platform tells is given.
test("counts the timers among what the platform has pending, after all that is ready has been done", async () => {
  const pending = ["Timeout", "TCPSocketWrap", "Timeout", "Immediate"];
  vi.spyOn(process, "getActiveResourcesInfo").mockImplementation(() => pending);
  const counted = waitingTimers();
  pending.push("Timeout");
  expect(await counted).toBe(3);
});
