import { ArgumentError, DeadlockError, type Host } from "@trestle/host";
import { Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  currentTime,
  Event,
  fromPromise,
  openNursery,
  run,
  sleep,
  sleepForever,
  type Operation,
} from "../../src/index.js";
import { MockClock } from "../../src/testing/mock-clock.js";
import { waitAllTasksBlocked } from "../../src/testing/wait-all-tasks-blocked.js";
import { rejectionOf } from "../rejection-of.js";

/** Resolves at that instant of the host's time. */
function until(host: Host, when: number): Promise<void> {
  return new Promise((resolve) => {
    host.at(when, resolve);
  });
}

describe("a mock clock", () => {
  test("starts at 0 and stands still (TST-1, T138)", async () => {
    const real = new VirtualHost();
    const clock = new MockClock();
    expect([clock.rate, clock.autojumpThreshold, clock.currentTime()]).toEqual([0, Infinity, 0]);
    clock.hostOn(real);
    await until(real, 100);
    expect(clock.currentTime()).toBe(0);
  });

  test("jumps ahead (TST-1, T138)", () => {
    const clock = new MockClock();
    clock.jump(1200);
    clock.jump(0);
    clock.jump(0.5);
    expect(clock.currentTime()).toBe(1200.5);
  });

  test("goes at its rate from the moment that a run begins, and goes on from where it is (TST-1, T138)", async () => {
    const real = new VirtualHost({ startAt: 1000 });
    const clock = new MockClock({ rate: 0.5 });
    clock.jump(7);
    await until(real, 1100);
    expect(clock.currentTime()).toBe(7);
    clock.hostOn(real);
    await until(real, 1110);
    expect(clock.currentTime()).toBe(12);
    clock.rate = 2;
    expect(clock.currentTime()).toBe(12);
    await until(real, 1120);
    expect(clock.currentTime()).toBe(32);
    clock.jump(100);
    await until(real, 1121);
    expect(clock.currentTime()).toBe(134);
    clock.rate = 0;
    await until(real, 1200);
    expect(clock.currentTime()).toBe(134);
  });

  test("tells how much real time a deadline is away (T138)", () => {
    const clock = new MockClock();
    clock.hostOn(new VirtualHost());
    expect(clock.deadlineToSleepTime(10)).toBe(Infinity);
    clock.rate = 0.5;
    expect(clock.deadlineToSleepTime(10)).toBe(20);
    clock.rate = 2;
    expect(clock.deadlineToSleepTime(10)).toBe(5);
    clock.jump(10);
    expect([clock.deadlineToSleepTime(10), clock.deadlineToSleepTime(3)]).toEqual([0, 0]);
    expect(clock.deadlineToSleepTime(Infinity)).toBe(Infinity);
    clock.rate = 0;
    expect(clock.deadlineToSleepTime(10)).toBe(0);
  });

  test.for([-1, NaN, "1", null])("refuses %j as rate, threshold or jump (TST-1, T138)", (value) => {
    const bad = value as number;
    const clock = new MockClock({ rate: 1, autojumpThreshold: 5 });
    expect(() => new MockClock({ rate: bad === null ? -1 : bad })).toThrow(ArgumentError);
    expect(() => new MockClock({ autojumpThreshold: bad === null ? -1 : bad })).toThrow(
      ArgumentError,
    );
    expect(() => (clock.rate = bad)).toThrow(ArgumentError);
    expect(() => (clock.autojumpThreshold = bad)).toThrow(ArgumentError);
    expect(() => clock.jump(bad)).toThrow(ArgumentError);
    expect([clock.rate, clock.autojumpThreshold, clock.currentTime()]).toEqual([1, 5, 0]);
  });

  test("refuses a rate and a jump without end", () => {
    const clock = new MockClock();
    expect(() => (clock.rate = Infinity)).toThrow(ArgumentError);
    expect(() => clock.jump(Infinity)).toThrow(ArgumentError);
  });

  test("is for one host", () => {
    const clock = new MockClock();
    const real = new VirtualHost();
    expect(clock.hostOn(real)).toBe(clock.hostOn(real));
    expect(() => clock.hostOn(new VirtualHost())).toThrow(ArgumentError);
  });
});

describe("a run on a mock clock", () => {
  test("wakes sleepers when somebody jumps, and never early", async () => {
    const clock = new MockClock();
    const trace = new Trace(() => clock.currentTime());
    await run(
      () =>
        openNursery(function* (nursery) {
          for (const ms of [20, 10]) {
            nursery.startSoon(function* () {
              yield* sleep(ms);
              trace.log(`slept ${ms}`);
            });
          }
          yield* waitAllTasksBlocked();
          clock.jump(9.5);
          yield* waitAllTasksBlocked();
          trace.log("not yet");
          clock.jump(0.5);
          yield* waitAllTasksBlocked();
          clock.jump(100);
        }),
      { clock },
    );
    expect(trace.entries).toEqual([
      [9.5, "not yet"],
      [10, "slept 10"],
      [110, "slept 20"],
    ]);
  });

  test("goes at the rate, and follows its changes", async () => {
    const host = new VirtualHost();
    const clock = new MockClock({ rate: 10 });
    host.at(5, () => {
      clock.rate = 50;
    });
    const ended = await run(
      function* () {
        yield* sleep(100);
        return [currentTime(), host.now()];
      },
      { clock, host },
    );
    expect(ended).toEqual([100, 6]);
  });

  test("takes the jump of a task for its own next sleep and deadline", async () => {
    const clock = new MockClock({ autojumpThreshold: 0 });
    const times = await run(
      function* () {
        const scope = new CancelScope({ relativeDeadline: 50 });
        const { cancelledCaught } = yield* scope.run(function* () {
          clock.jump(50);
          yield* checkpoint();
          yield* checkpoint();
        });
        yield* sleep(7);
        return [cancelledCaught, currentTime()];
      },
      { clock },
    );
    expect(times).toEqual([true, 57]);
  });
});

describe("autojump", () => {
  test("goes from deadline to deadline, exactly, in no time (TST-2, T139, T141)", async () => {
    const host = new VirtualHost();
    const clock = new MockClock({ autojumpThreshold: 0 });
    const trace = new Trace(() => clock.currentTime());
    await run(
      function* () {
        for (const ms of [10_000, 0, 0.1, 3_600_000]) {
          yield* sleep(ms);
          trace.log(`slept ${ms}`);
        }
      },
      { clock, host },
    );
    expect(trace.entries).toEqual([
      [10_000, "slept 10000"],
      [10_000, "slept 0"],
      [10_000.1, "slept 0.1"],
      [3_610_000.1, "slept 3600000"],
    ]);
    expect(host.now()).toBe(0);
  });

  test("does not come while something can run (T139)", async () => {
    const clock = new MockClock({ autojumpThreshold: 0 });
    const seen = await run(
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(sleep, 10);
          const times = new Set<number>();
          for (let i = 0; i < 500; i++) {
            yield* checkpoint();
            times.add(currentTime());
          }
          return [...times];
        }),
      { clock },
    );
    expect(seen).toEqual([0]);
  });

  test("comes when all was blocked for the threshold, in real time (TST-2)", async () => {
    const host = new VirtualHost();
    const clock = new MockClock({ autojumpThreshold: 20 });
    const nudge = new Event();
    // Every nudge begins the threshold anew.
    host.at(15, () => nudge.set());
    const trace = new Trace(() => host.now());
    await run(
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* sleep(1000);
            trace.log(`at ${currentTime()}`);
          });
          yield* nudge.wait();
          trace.log(`nudged at ${currentTime()}`);
        }),
      { clock, host },
    );
    expect(trace.entries).toEqual([
      [15, "nudged at 0"],
      [35, "at 1000"],
    ]);
  });

  test("may be set while all is blocked already (TST-2, T127)", async () => {
    const host = new VirtualHost();
    const clock = new MockClock();
    host.at(7, () => {
      clock.autojumpThreshold = 0;
    });
    await run(() => sleep(1000), { clock, host });
    expect([clock.currentTime(), host.now()]).toEqual([1000, 7]);
  });

  test("may be taken back while it is waited for", async () => {
    const host = new VirtualHost();
    const clock = new MockClock({ autojumpThreshold: 20 });
    host.at(10, () => {
      clock.autojumpThreshold = Infinity;
    });
    host.at(100, () => clock.jump(5));
    await run(() => sleep(5), { clock, host });
    expect([clock.currentTime(), host.now()]).toEqual([5, 100]);
  });

  test("waits for what is held outside, as promises are (TST-4)", async () => {
    const host = new VirtualHost();
    const clock = new MockClock({ autojumpThreshold: 0 });
    const trace = new Trace(() => clock.currentTime());
    await run(
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* sleep(1000);
            trace.log("slept");
          });
          yield* fromPromise(until(new VirtualHost({ real: host }), 50));
          trace.log("the promise is settled");
        }),
      { clock, host },
    );
    expect(trace.entries).toEqual([
      [0, "the promise is settled"],
      [1000, "slept"],
    ]);
  });

  test("ends in a report where there is nothing to jump to", async () => {
    const clock = new MockClock({ autojumpThreshold: 0 });
    const main = function* main(): Operation<void> {
      yield* sleep(10);
      yield* sleepForever();
    };
    const error = await rejectionOf(run(main, { clock }));
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).parked).toEqual([
      "task 'main' waits for its cancellation (it sleeps for ever)",
    ]);
    expect(clock.currentTime()).toBe(10);
  });

  test("is shared by the runs of a clock: one that can go on stops it for all", async () => {
    const host = new VirtualHost();
    const clock = new MockClock({ autojumpThreshold: 0 });
    const busy = run(
      function* () {
        for (let i = 0; i < 100; i++) yield* checkpoint();
        return currentTime();
      },
      { clock, host },
    );
    const sleeper = run(() => sleep(10), { clock, host });
    await expect(busy).resolves.toBe(0);
    await sleeper;
    expect(clock.currentTime()).toBe(10);
  });

  test("of one clock leaves another alone, and so does making one (TST-5, T144)", async () => {
    const slow = new MockClock();
    const quick = new MockClock({ autojumpThreshold: 0 });
    await run(
      function* () {
        const other = new MockClock({ autojumpThreshold: 0, rate: 5 });
        other.jump(10);
        other.autojumpThreshold = 1;
        const ended = run(() => sleep(1000), { clock: quick });
        yield* fromPromise(ended);
        expect([currentTime(), quick.currentTime(), other.currentTime()]).toEqual([0, 1000, 10]);
      },
      { clock: slow },
    );
  });
});

describe("waiting until all are blocked", () => {
  test("comes before a jump, with no threshold and no cushion (TST-3, T142)", async () => {
    const clock = new MockClock({ autojumpThreshold: 0 });
    const trace = new Trace(() => clock.currentTime());
    await run(
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* sleep(100);
            trace.log("slept");
          });
          for (let i = 0; i < 10; i++) yield* waitAllTasksBlocked();
          trace.log("blocked ten times");
          yield* sleep(10);
          trace.log("slept 10");
          yield* waitAllTasksBlocked(0);
          trace.log("blocked again");
        }),
      { clock },
    );
    expect(trace.entries).toEqual([
      [0, "blocked ten times"],
      [10, "slept 10"],
      [10, "blocked again"],
      [100, "slept"],
    ]);
  });

  test("comes before a jump with a cushion, which is real time (TST-3, T143)", async () => {
    const host = new VirtualHost();
    const clock = new MockClock({ autojumpThreshold: 0 });
    const trace = new Trace(() => clock.currentTime());
    await run(
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* sleep(10);
            trace.log("slept");
          });
          yield* waitAllTasksBlocked(25);
          trace.log(`blocked at ${host.now()}`);
        }),
      { clock, host },
    );
    expect(trace.entries).toEqual([
      [0, "blocked at 25"],
      [10, "slept"],
    ]);
  });

  test.for([
    [10, 20],
    [20, 10],
  ] as const)(
    "with cushion %d goes together with threshold %d (T140)",
    async ([cushion, threshold]) => {
      const host = new VirtualHost();
      const clock = new MockClock({ autojumpThreshold: threshold });
      await run(
        function* () {
          yield* waitAllTasksBlocked(cushion);
          expect([currentTime(), host.now()]).toEqual([0, cushion]);
          yield* sleep(1000);
        },
        { clock, host },
      );
      expect([clock.currentTime(), host.now()]).toEqual([1000, cushion + threshold]);
    },
  );

  test("lets the clock jump again when it is given up", async () => {
    const host = new VirtualHost();
    const clock = new MockClock({ autojumpThreshold: 0 });
    const scope = new CancelScope();
    host.at(5, () => scope.cancel());
    await run(
      function* () {
        yield* scope.run(() => waitAllTasksBlocked(1000));
        yield* sleep(10);
      },
      { clock, host },
    );
    expect([clock.currentTime(), host.now()]).toEqual([10, 5]);
  });
});
