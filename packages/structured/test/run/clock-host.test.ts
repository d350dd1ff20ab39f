import { ArgumentError, type Host, type Release } from "@trestle/host";
import { hostBehaviours, Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { ClockHost, type TimeTeller } from "../../src/run/clock-host.js";
import { Clock } from "../../src/run/clock.js";
import { CancelScope, currentTime, run, sleep } from "../../src/index.js";

/** A clock at a rate that may be changed, with what it is asked for. */
class RatedClock extends Clock {
  starts = 0;
  readonly listeners = new Set<() => void>();
  readonly #host: Host;
  #rate: number;
  #base = 0;
  #realBase = 0;

  constructor(host: Host, rate: number) {
    super();
    this.#host = host;
    this.#rate = rate;
  }

  startClock(): void {
    this.starts++;
    this.#realBase = this.#host.now();
  }

  currentTime(): number {
    return this.#base + (this.#host.now() - this.#realBase) * this.#rate;
  }

  deadlineToSleepTime(deadline: number): number {
    return (deadline - this.currentTime()) / this.#rate;
  }

  override onChange(callback: () => void): Release {
    this.listeners.add(callback);
    return () => void this.listeners.delete(callback);
  }

  change(rate: number, jump = 0): void {
    this.#base = this.currentTime() + jump;
    this.#realBase = this.#host.now();
    this.#rate = rate;
    for (const listener of this.listeners) listener();
  }
}

/** What a run does with a clock. */
function clockHost(clock: RatedClock, real: Host): Host {
  const host = clock.hostOn(real);
  clock.startClock();
  return host;
}

function set(rate: number): { real: VirtualHost; clock: RatedClock; host: Host; trace: Trace } {
  const real = new VirtualHost({ startAt: 5000 });
  const clock = new RatedClock(real, rate);
  const host = clockHost(clock, real);
  return { real, clock, host, trace: new Trace(() => real.now() - 5000) };
}

/** Resolves at that instant of the host's time. */
function until(host: Host, when: number): Promise<void> {
  return new Promise((resolve) => {
    host.at(when, resolve);
  });
}

describe("a host with a clock", () => {
  for (const { title, run: show } of hostBehaviours(() => {
    const real = new VirtualHost();
    return { host: clockHost(new RatedClock(real, 3), real) };
  })) {
    test(title, show);
  }

  test("starts the clock once, and tells its time (CLK-1, CLK-2)", async () => {
    const { real, clock, host } = set(2);
    expect([clock.starts, host.now()]).toEqual([1, 0]);
    await until(real, 5010);
    expect([clock.starts, host.now()]).toEqual([1, 20]);
  });

  test("fires a timer when the clock is there, however fast it goes", async () => {
    const { host, trace } = set(0.5);
    host.at(10, () => trace.log("10 of the clock"));
    await until(host, 10);
    expect(trace.entries).toEqual([[20, "10 of the clock"]]);
  });

  test("never fires before the instant, where the clock miscounts how long to sleep", async () => {
    const real = new VirtualHost();
    const clock: TimeTeller = {
      currentTime: () => real.now(),
      // Always too little, as rounding may make it.
      deadlineToSleepTime: (deadline) => (deadline - real.now()) / 3,
    };
    const host = new ClockHost(clock, real);
    await until(host, 10);
    expect(real.now()).toBeGreaterThanOrEqual(10);
    expect(real.now()).toBeLessThan(10.01);
  });

  test("gets there with a clock that says that nothing is left", async () => {
    const real = new VirtualHost();
    const clock: TimeTeller = {
      currentTime: () => real.now(),
      deadlineToSleepTime: () => 0,
    };
    await until(new ClockHost(clock, real), 0.01);
    expect(real.now()).toBeGreaterThanOrEqual(0.01);
  });

  test("waits anew when the rate changes", async () => {
    const { real, clock, host, trace } = set(1);
    host.at(100, () => trace.log("timer"));
    await until(real, 5050);
    clock.change(10);
    await until(host, 100);
    expect(trace.entries).toEqual([[55, "timer"]]);
  });

  test("fires after a jump what is due by then, in order, later in the turn", async () => {
    const { clock, host, trace } = set(1);
    for (const when of [30, 10, 20]) host.at(when, () => trace.log(`at ${when}`));
    host.at(1000, () => trace.log("not yet"));
    clock.change(1, 30);
    trace.log("jumped");
    await until(host, 31);
    expect(trace.entries).toEqual([
      [0, "jumped"],
      [0, "at 10"],
      [0, "at 20"],
      [0, "at 30"],
    ]);
  });

  test("does not fire what is cancelled between the jump and its turn", async () => {
    const { clock, host, trace } = set(1);
    host.at(10, () => {
      trace.log("first");
      second.cancel();
    });
    const second = host.at(10, () => trace.log("second"));
    clock.change(1, 10);
    await until(host, 11);
    expect(trace.messages).toEqual(["first"]);
  });

  test("listens to the clock only while there are timers", async () => {
    const { clock, host } = set(1);
    expect(clock.listeners.size).toBe(0);
    const timers = [host.at(10, () => {}), host.at(20, () => {})];
    expect(clock.listeners.size).toBe(1);
    for (const timer of timers) timer.cancel();
    expect(clock.listeners.size).toBe(0);
    await until(host, 5);
    expect(clock.listeners.size).toBe(0);
  });

  test("keeps no timer of the host below once its own are gone", async () => {
    const { real, host, trace } = set(1);
    host.at(10, () => trace.log("never")).cancel();
    await until(real, 5020);
    expect(trace.messages).toEqual([]);
  });

  test("passes holds on to the host below", () => {
    const { real, host } = set(1);
    const release = host.hold("a download");
    expect(real.held).toEqual(["a download"]);
    release();
    expect(real.held).toEqual([]);
  });
});

describe("a run with a clock", () => {
  test("sleeps and times out by it (CLK-1)", async () => {
    const real = new VirtualHost();
    const clock = new RatedClock(real, 1000);
    const times = await run(
      function* () {
        yield* sleep(2000);
        const slept = [currentTime(), real.now()];
        const scope = new CancelScope({ relativeDeadline: 5000 });
        yield* scope.run(() => sleep(60_000));
        return [...slept, currentTime(), real.now()];
      },
      { clock, host: real },
    );
    expect(times).toEqual([2000, 2, 7000, 7]);
    expect(clock.listeners.size).toBe(0);
  });

  test("lives on the host that the clock makes itself, which is then started", async () => {
    const real = new VirtualHost();
    const clock = new RatedClock(real, 1);
    const own = new ClockHost(clock, real);
    const calls: unknown[] = [];
    const making = Object.assign(clock, {
      hostOn: (host: Host) => {
        calls.push(host, clock.starts);
        return own;
      },
    });
    await run(() => sleep(10), { clock: making, host: real });
    expect([...calls, clock.starts]).toEqual([real, 0, 1]);
  });

  test.for([null, 5, {}, { startClock() {}, currentTime() {} }])(
    "is not made of %j, which is no clock",
    (clock) => {
      expect(() => run(() => sleep(1), { clock: clock as never })).toThrow(ArgumentError);
    },
  );

  test("takes the present into account when a deadline is moved", async () => {
    const real = new VirtualHost();
    const clock = new RatedClock(real, 10);
    const scope = new CancelScope({ deadline: 100_000 });
    real.at(3, () => {
      scope.deadline = 50;
    });
    await run(() => scope.run(() => sleep(1_000_000)), { clock, host: real });
    expect([scope.cancelledCaught, real.now()]).toEqual([true, 5]);
  });
});
