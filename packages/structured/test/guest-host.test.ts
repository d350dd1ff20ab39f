import { DeadlockError, type Host } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  Event,
  moveOnAfter,
  openNursery,
  sleep,
  sleepForever,
} from "../src/index.js";
import { ambient } from "../src/ambient.js";
import { GuestHost } from "../src/guest-host.js";
import { currentHost } from "../src/lowlevel.js";
import type { RunState } from "../src/run/run-state.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

/** A run as its guests see it. */
function runOn(host: Host): RunState {
  return { runner: { host } } as RunState;
}

describe("a guest of a run", () => {
  test("takes turns with the rounds of its tasks, in the order of its calls", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const host = currentHost();
        host.soon(() => {
          log("guest 1");
          host.soon(() => log("guest 3"));
        });
        host.soon(() => log("guest 2"));
        for (const name of ["a", "b"]) {
          nursery.startSoon(function* () {
            for (let round = 1; round <= 3; round++) {
              log(`${name}${round}`);
              yield* checkpoint();
            }
          });
        }
        yield* checkpoint();
      }),
    );
    expect(trace.messages.filter((line) => line.startsWith("guest"))).toEqual([
      "guest 1",
      "guest 2",
      "guest 3",
    ]);
    // No round comes between two of its own callbacks that were asked for together, and no two rounds without a turn of it.
    const last = trace.messages.indexOf("guest 3");
    expect(last).toBeLessThan(trace.messages.indexOf("a3"));
  });

  test("is not starved by a lone task that passes checkpoints", async () => {
    const { run } = virtualRun();
    let turns = 0;
    await run(function* () {
      const host = currentHost();
      const again = (): void => {
        if (++turns < 5) host.soon(again);
      };
      host.soon(again);
      for (let i = 0; i < 10; i++) yield* checkpoint();
      expect(turns).toBe(5);
    });
  });

  test("has the time of the run, and timers in it", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const host = currentHost();
      host.at(10, () => log(`at ${host.now()}`));
      host.at(5, () => log("withdrawn")).cancel();
      yield* sleep(20);
    });
    expect(trace.entries).toEqual([[10, "at 10"]]);
  });

  test("is let into microtasks by the run's host, and tells it where there are none", () => {
    class Platform extends VirtualHost {
      quietCallbacks = 0;
      admitsMicrotask(besides = 0): boolean {
        return besides >= 1;
      }
      quiet(): void {
        this.quietCallbacks++;
      }
    }
    const platform = new Platform();
    const host = new GuestHost(runOn(platform));
    expect([host.admitsMicrotask(), host.admitsMicrotask(1)]).toEqual([false, true]);
    host.quiet();
    expect(platform.quietCallbacks).toBe(1);
    // A host without any of that.
    const plain = new GuestHost(runOn(new VirtualHost()));
    plain.quiet();
    expect(plain.admitsMicrotask(1)).toBe(false);
  });

  test("can hold the run's host", async () => {
    const { run, host } = virtualRun();
    await run(function* () {
      const release = currentHost().hold("a device");
      expect(host.held).toEqual(["a device"]);
      release();
      yield* checkpoint();
    });
    expect(host.held).toEqual([]);
  });
});

describe("a deadlock with a guest", () => {
  test("names what the guest waits for too; the tasks are unwound without a word to it", async () => {
    const { run, trace, log } = virtualRun();
    const error = await rejectionOf(
      run(function* () {
        currentHost().watch?.({ stuck: () => ["the guest waits"], deadlock: () => log("told") });
        try {
          yield* sleepForever();
        } finally {
          log("unwound");
        }
      }),
    );
    expect((error as DeadlockError).parked).toEqual([
      "task 'main' waits for its cancellation (it sleeps for ever)",
      "the guest waits",
    ]);
    expect(trace.messages).toEqual(["unwound"]);
  });

  test("is told to the guest where the unwinding gets stuck, which may be what the task waits for", async () => {
    const { run, trace, log } = virtualRun();
    const ended = new Event();
    await run(function* () {
      currentHost().watch?.({
        stuck: () => (ended.isSet ? [] : ["the guest waits"]),
        deadlock: () => {
          log("told");
          ended.set();
        },
      });
      yield* new CancelScope({ shield: true }).run(() => ended.wait());
      log("goes on");
    });
    expect(trace.messages).toEqual(["told", "goes on"]);
  });

  test("is told to each guest once, and not to one that watches no more", () => {
    const host = new GuestHost(runOn(new VirtualHost()));
    const told: string[] = [];
    const watch = (name: string) =>
      host.watch({ stuck: () => [name], deadlock: () => told.push(name) });
    watch("a");
    watch("b")();
    const error = new DeadlockError(["a"]);
    expect(host.deadlock(error)).toBe(true);
    expect(host.deadlock(error)).toBe(false);
    expect(told).toEqual(["a"]);
  });

  test("is none while a timer of the guest is to come", async () => {
    const { run } = virtualRun();
    const result = await run(() =>
      moveOnAfter(1000, function* (scope) {
        currentHost().at(10, () => scope.cancel());
        yield* sleepForever();
      }),
    );
    expect(result.cancelledCaught).toBe(true);
  });
});

describe("the callbacks of a guest", () => {
  test("are run in its name, which is taken back where one throws (RUN-22)", () => {
    const callbacks: (() => void)[] = [];
    const host = new VirtualHost();
    host.soon = (callback) => void callbacks.push(callback);
    const state = runOn(host);
    const guest = new GuestHost(state);
    guest.soon(() => {
      expect(ambient.run).toBe(state);
      throw new Error("of the guest");
    });
    expect(callbacks[0]).toThrow("of the guest");
    expect(ambient.run).toBeUndefined();
  });
});
