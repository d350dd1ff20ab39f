import { describe, expect, test } from "vitest";
import { moveOnAfter, openNursery, sleep } from "../../src/index.js";
import { Bell } from "../../src/streams/bell.js";
import { virtualRun } from "../virtual-run.js";

describe("a bell", () => {
  test("wakes the task that waits, and holds the host meanwhile", async () => {
    const { run, host, trace, log } = virtualRun();
    const bell = new Bell("something outside");
    bell.ring();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* bell.wait();
          log("woken");
        });
        yield* sleep(0);
        expect(host.held).toEqual(["something outside"]);
        bell.ring();
        bell.ring();
        expect(host.held).toEqual([]);
      }),
    );
    expect(trace.messages).toEqual(["woken"]);
  });

  test("lets a cancelled task go, and the host with it", async () => {
    const { run, host } = virtualRun();
    const bell = new Bell("something outside");
    await run(() => moveOnAfter(0, () => bell.wait()));
    expect(host.held).toEqual([]);
    bell.ring();
  });
});
