import { expect, test } from "vitest";
import { waitingTimers } from "../src/waiting-timers.js";

test("counts timers until they are cleared", async () => {
  const before = await waitingTimers();
  const timers = [1e6, 1e6, 2e6].map((ms) => setTimeout(() => {}, ms));
  expect(await waitingTimers()).toBe(before + 3);
  for (const timer of timers) clearTimeout(timer);
  expect(await waitingTimers()).toBe(before);
});
