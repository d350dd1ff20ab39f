import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { Share } from "../src/share.js";

/** A host on which each look at the clock finds that so many milliseconds have passed. */
function hostOf(msPerLook: number): VirtualHost {
  const host = new VirtualHost();
  let now = 0;
  host.now = () => (now += msPerLook);
  return host;
}

function stepsOfATick(share: Share): number {
  share.begin();
  let steps = 0;
  for (; !share.isTaken; steps++) share.countStep();
  return steps;
}

test("a tick of heavy steps ends after half a millisecond, the first one a little later", () => {
  const share = new Share(hostOf(0.25));
  expect([stepsOfATick(share), stepsOfATick(share)]).toEqual([5, 3]);
});

test("a tick of one step, as with one promise after another, does not look at the clock", () => {
  const host = new VirtualHost();
  let looks = 0;
  host.now = () => ++looks;
  const share = new Share(host);
  for (let tick = 0; tick < 100; tick++) {
    share.begin();
    share.countStep();
  }
  expect([looks, share.isTaken]).toEqual([0, false]);
});

test("a tick of quick steps ends after some looks at the clock, of which there are ever fewer", () => {
  const share = new Share(hostOf(0.001));
  const first = stepsOfATick(share);
  const second = stepsOfATick(share);
  expect(first).toBeGreaterThan(100);
  expect(second).toBe(512);
});

test("after heavy steps the clock is looked at more often", () => {
  let msPerLook = 0.001;
  const host = new VirtualHost();
  let now = 0;
  host.now = () => (now += msPerLook);
  const share = new Share(host);
  stepsOfATick(share);
  msPerLook = 0.2;
  stepsOfATick(share);
  stepsOfATick(share);
  expect(stepsOfATick(share)).toBeLessThan(10);
});
