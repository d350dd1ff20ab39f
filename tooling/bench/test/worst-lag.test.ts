import { expect, test } from "vitest";
import { nativeTurn } from "../src/turn.js";
import { worstLag, worstLagDuring } from "../src/worst-lag.js";

test("sees a timer that was kept from ringing", async () => {
  const lag = await worstLagDuring(async () => {
    const end = performance.now() + 60;
    while (performance.now() < end) await nativeTurn();
  });
  expect(lag).toBeGreaterThanOrEqual(45);
});

test("rings once more after the end", async () => {
  let asked = 0;
  await worstLag(() => ++asked === 2);
  expect(asked).toBe(2);
});

test("passes on the error of the work", async () => {
  const error = new Error("of the work");
  await expect(worstLagDuring(() => Promise.reject(error))).rejects.toBe(error);
});
