import { describe, expect, test } from "vitest";
import { openNursery, sleep } from "../../src/index.js";
import {
  checkOneWayStream,
  checkTwoWayStream,
  lockstepStreamOneWayPair,
  lockstepStreamPair,
  underSeeds,
} from "../../src/testing.js";
import { bytes, text } from "../streams/text.js";
import { virtualRun } from "../virtual-run.js";

function* makeOneWay() {
  return lockstepStreamOneWayPair();
}

function* makeTwoWay() {
  return lockstepStreamPair();
}

describe("lockstep streams (TST-11)", () => {
  test("do what all streams must (TST-12)", () =>
    virtualRun().run(function* () {
      yield* checkOneWayStream(makeOneWay, makeOneWay);
      yield* checkTwoWayStream(makeTwoWay, makeTwoWay);
    }));

  test("do so in whatever order tasks have their turns", () =>
    underSeeds(20, (seed) =>
      virtualRun().run(() => checkOneWayStream(makeOneWay, makeOneWay), { seed }),
    ));

  test("keep a sender until the last byte has been received", async () => {
    const { run, trace, log } = virtualRun();
    const [left, right] = lockstepStreamPair();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* left.sendAll(bytes("123"));
          log("sent");
        });
        for (let i = 0; i < 3; i++) {
          yield* sleep(10);
          log(text(yield* right.receiveSome(1)));
        }
      }),
    );
    expect(trace.entries).toEqual([
      [10, "1"],
      [20, "2"],
      [30, "3"],
      [30, "sent"],
    ]);
  });
});
