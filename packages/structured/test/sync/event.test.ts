import { describe, expect, test } from "vitest";
import { checkpoint, Event, moveOnAfter, openNursery } from "../../src/index.js";
import { virtualRun } from "../virtual-run.js";

describe("an event", () => {
  test("wakes all who wait, in the order of waiting, also for a plain callback (EV-1, EV-3, EV-4, T118)", async () => {
    const { run, host, trace, log } = virtualRun();
    const event = new Event();
    // From a plain callback, which has no task (EV-4).
    host.at(10, () => event.set());
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b", "c"]) {
          nursery.startSoon(function* () {
            yield* event.wait();
            log(name);
          });
        }
        yield* checkpoint();
        expect(event.statistics()).toEqual({ tasksWaiting: 3 });
      }),
    );
    expect(trace.entries).toEqual([
      [10, "a"],
      [10, "b"],
      [10, "c"],
    ]);
    expect(event.statistics()).toEqual({ tasksWaiting: 0 });
  });

  test("is set once and for all; a wait is a checkpoint then (EV-1, T214)", async () => {
    const { run } = virtualRun();
    const event = new Event();
    expect(event.isSet).toBe(false);
    event.set();
    event.set();
    expect(event.isSet).toBe(true);
    await run(() => event.wait());
    await expect(run(() => moveOnAfter(0, () => event.wait()))).resolves.toMatchObject({
      cancelledCaught: true,
    });
  });

  test("forgets who gave up waiting (EV-3)", async () => {
    const { run, host } = virtualRun();
    const event = new Event();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => event.wait());
        yield* moveOnAfter(10, () => event.wait());
        expect(event.statistics()).toEqual({ tasksWaiting: 1 });
        event.set();
      }),
    );
    expect(host.now()).toBe(10);
  });

  test("may be waited for with one operation by several tasks", async () => {
    const { run, trace, log } = virtualRun();
    const event = new Event();
    const waiting = event.wait();
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b"]) {
          nursery.startSoon(function* () {
            yield* waiting;
            log(name);
            yield* waiting;
            log(`${name} again`);
          });
        }
        yield* checkpoint();
        event.set();
      }),
    );
    expect(trace.messages).toEqual(["a", "b", "a again", "b again"]);
  });
});
