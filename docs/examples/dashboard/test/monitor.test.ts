import { expect, test } from "vitest";
import { Monitor } from "../src/monitor.js";

test("has no percentile without a good answer", () => {
  const monitor = new Monitor("http://a.test/");
  monitor.add({ ms: 5, answer: "500", isGood: false });
  expect(monitor.percentile(50)).toBeUndefined();
  expect(monitor.last).toEqual({ ms: 5, answer: "500", isGood: false });
});

test("sorts good answers by their times", () => {
  const monitor = new Monitor("http://a.test/");
  for (const ms of [30, 10, 20, 40]) monitor.add({ ms, answer: "200", isGood: true });
  expect([monitor.percentile(50), monitor.percentile(95)]).toEqual([20, 40]);
});

test("forgets what is long ago", () => {
  const monitor = new Monitor("http://a.test/");
  for (let ms = 0; ms < 300; ms++) monitor.add({ ms, answer: "200", isGood: true });
  expect([monitor.samples.length, monitor.samples[0]?.ms]).toEqual([200, 100]);
});
