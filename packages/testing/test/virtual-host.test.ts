import { DeadlockError, platformHost, type Host, type WatchedParty } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { Trace } from "../src/trace.js";
import { VirtualHost } from "../src/virtual-host.js";

function set(): { host: VirtualHost; trace: Trace } {
  const host = new VirtualHost();
  return { host, trace: new Trace(() => host.now()) };
}

/** Resolves at that instant of the host's time. */
function until(host: Host, when: number): Promise<void> {
  return new Promise((resolve) => {
    host.at(when, resolve);
  });
}

/** Resolves when the platform has nothing to do any more: the virtual host has jumped as far as it will. */
async function stillness(): Promise<void> {
  const real = platformHost();
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => real.soon(resolve));
}

describe("the clock", () => {
  test("starts at 0, or where it was told to", () => {
    expect(new VirtualHost().now()).toBe(0);
    expect(new VirtualHost({ startAt: 1234.5 }).now()).toBe(1234.5);
  });

  test("jumps from instant to instant, however far apart", async () => {
    const { host, trace } = set();
    for (const when of [3_600_000, 10, 0.5, 1e12]) host.at(when, () => trace.log("timer"));
    await until(host, 1e12);
    expect(trace.entries).toEqual([
      [0.5, "timer"],
      [10, "timer"],
      [3_600_000, "timer"],
      [1e12, "timer"],
    ]);
  });

  test("stands still while something is ready", async () => {
    const { host, trace } = set();
    host.at(1, () => trace.log("timer"));
    let turns = 0;
    const again = (): void => {
      if (++turns < 1000) host.soon(again);
      else trace.log("1000 turns later");
    };
    host.soon(again);
    await until(host, 2);
    expect(trace.entries).toEqual([
      [0, "1000 turns later"],
      [1, "timer"],
    ]);
  });

  test("stands still while promises settle, however long their chain", async () => {
    const { host, trace } = set();
    host.at(1, () => trace.log("timer"));
    host.soon(() => {
      const chain = async (): Promise<void> => {
        for (let link = 0; link < 1000; link++) await Promise.resolve();
        trace.log("end of the chain");
        host.soon(() => trace.log("what it made ready"));
      };
      void chain();
    });
    await until(host, 2);
    expect(trace.entries).toEqual([
      [0, "end of the chain"],
      [0, "what it made ready"],
      [1, "timer"],
    ]);
  });

  test("does not go back for an instant that is past", async () => {
    const { host, trace } = set();
    host.at(10, () => {
      host.at(3, () => trace.log("late"));
    });
    await until(host, 11);
    expect(trace.entries).toEqual([[10, "late"]]);
  });

  test("is not moved by a timer that was cancelled", async () => {
    const { host, trace } = set();
    host.at(5, () => trace.log("cancelled")).cancel();
    host.at(10, () => trace.log("kept"));
    await until(host, 10);
    expect(trace.entries).toEqual([[10, "kept"]]);
  });

  test("stands still before an instant that never comes", async () => {
    const { host, trace } = set();
    host.at(Number.POSITIVE_INFINITY, () => trace.log("never"));
    await stillness();
    expect([host.now(), trace.entries]).toEqual([0, []]);
  });
});

describe("ties", () => {
  test("come in the order of registration, whatever else was registered between", async () => {
    const { host, trace } = set();
    for (const [when, name] of [
      [2, "c"],
      [1, "a"],
      [2, "d"],
      [1, "b"],
      [2, "e"],
    ] as const) {
      host.at(when, () => trace.log(name));
    }
    await until(host, 3);
    expect(trace.entries).toEqual([
      [1, "a"],
      [1, "b"],
      [2, "c"],
      [2, "d"],
      [2, "e"],
    ]);
  });

  test("come before what they make ready, and before timers that they set for their own instant", async () => {
    const { host, trace } = set();
    host.at(1, () => {
      trace.log("a");
      host.soon(() => trace.log("soon of a"));
      host.at(1, () => trace.log("timer of a"));
    });
    host.at(1, () => trace.log("b"));
    await until(host, 2);
    expect(trace.messages).toEqual(["a", "b", "soon of a", "timer of a"]);
  });
});

describe("a hold", () => {
  test("stops the clock until it is released", async () => {
    const { host, trace } = set();
    const release = host.hold("a download");
    host.at(1, () => trace.log("timer"));
    await stillness();
    expect([trace.entries, host.held]).toEqual([[], ["a download"]]);
    release();
    expect(host.held).toEqual([]);
    await until(host, 1);
    expect(trace.entries).toEqual([[1, "timer"]]);
  });

  test("lets ready callbacks run, and timers of the present instant", async () => {
    const { host, trace } = set();
    const release = host.hold("a download");
    host.at(1, () => trace.log("later"));
    host.at(0, () => trace.log("now"));
    host.at(-5, () => trace.log("overdue"));
    host.soon(() => trace.log("soon"));
    await stillness();
    expect(trace.entries).toEqual([
      [0, "soon"],
      [0, "overdue"],
      [0, "now"],
    ]);
    release();
    await until(host, 1);
    expect(trace.messages).toEqual(["soon", "overdue", "now", "later"]);
  });

  test("counts each for itself, however often one is released", async () => {
    const { host, trace } = set();
    const first = host.hold("first");
    const second = host.hold("second", { keepAlive: false });
    host.at(1, () => trace.log("timer"));
    first();
    first();
    await stillness();
    expect([trace.entries, host.held]).toEqual([[], ["second"]]);
    second();
    await until(host, 1);
    expect(trace.messages).toEqual(["timer"]);
  });

  test("passes on to the real host what keeps the process alive", () => {
    const asked: unknown[] = [];
    const platform = platformHost();
    const real: Host = {
      now: () => platform.now(),
      soon: (callback) => platform.soon(callback),
      at: (when, callback) => platform.at(when, callback),
      hold: (what, options) => {
        asked.push([what, options]);
        return () => asked.push(`${what} released`);
      },
    };
    const host = new VirtualHost({ real });
    const release = host.hold("a child", { keepAlive: false });
    release();
    release();
    expect(asked).toEqual([["a child", { keepAlive: false }], "a child released"]);
  });
});

describe("a deadlock", () => {
  class Party implements WatchedParty {
    readonly reports: DeadlockError[] = [];
    parked: string[];

    constructor(...parked: string[]) {
      this.parked = parked;
    }

    stuck(): readonly string[] {
      return this.parked;
    }

    deadlock(error: DeadlockError): void {
      this.reports.push(error);
    }
  }

  test("is reported to all who are parked, with what each waits for", async () => {
    const host = new VirtualHost();
    const [one, two, finished] = [
      new Party("a waits for b"),
      new Party("b waits for a", "c sleeps"),
      new Party(),
    ];
    for (const party of [one, two, finished]) host.watch(party);
    await stillness();
    expect(one.reports).toHaveLength(1);
    expect(two.reports).toEqual(one.reports);
    expect(finished.reports).toEqual([]);
    const [error] = one.reports;
    expect(error).toBeInstanceOf(DeadlockError);
    expect(error?.parked).toEqual(["a waits for b", "b waits for a", "c sleeps"]);
    expect(error?.message).toMatch(
      /everything is parked.*\n {2}a waits for b\n {2}b waits for a\n {2}c sleeps$/su,
    );
  });

  test("is not reported while something is ready, held, or to come", async () => {
    const { host, trace } = set();
    const party = new Party("a waits");
    host.watch({ stuck: () => party.stuck(), deadlock: () => trace.log("deadlock") });
    const release = host.hold("a download");
    await stillness();
    host.at(10, () => trace.log("timer"));
    host.soon(() => trace.log("soon"));
    release();
    await stillness();
    expect(trace.entries).toEqual([
      [0, "soon"],
      [10, "timer"],
      [10, "deadlock"],
    ]);
  });

  test("is not reported to a party that is no longer watched", async () => {
    const host = new VirtualHost();
    const party = new Party("a waits");
    const unwatch = host.watch(party);
    unwatch();
    unwatch();
    await stillness();
    expect(party.reports).toEqual([]);
  });

  test("leaves the host usable: what the report wakes goes on", async () => {
    const { host, trace } = set();
    const party: WatchedParty = {
      stuck: () => (trace.messages.length === 0 ? ["a waits"] : []),
      deadlock: () => {
        trace.log("report");
        host.at(5, () => trace.log("unwound"));
      },
    };
    host.watch(party);
    await stillness();
    expect(trace.entries).toEqual([
      [0, "report"],
      [5, "unwound"],
    ]);
  });
});

test("runs a hundred thousand callbacks that are ready at once in their order", async () => {
  const host = new VirtualHost();
  let next = 0;
  let inOrder = true;
  for (let i = 0; i < 100_000; i++) host.soon(() => (inOrder &&= next++ === i));
  await until(host, 1);
  expect([next, inOrder]).toEqual([100_000, true]);
});

describe("a hold for somebody's promise", () => {
  /** A real host that can be told to have run out of things to do. */
  function emptied(): { real: Host; runOut: () => void; errors: DeadlockError[] } {
    const platform = platformHost();
    const parties = new Set<WatchedParty>();
    const errors: DeadlockError[] = [];
    const real: Host = {
      now: () => platform.now(),
      soon: (callback) => platform.soon(callback),
      at: (when, callback) => platform.at(when, callback),
      hold: () => () => {},
      watch: (party) => {
        parties.add(party);
        return () => parties.delete(party);
      },
    };
    const runOut = (): void => {
      const lines = [...parties].flatMap((party) => party.stuck());
      const error = new DeadlockError(lines);
      for (const party of parties) if (party.stuck().length > 0) party.deadlock(error);
    };
    return { real, runOut, errors };
  }

  const parked = (errors: DeadlockError[]): WatchedParty => ({
    stuck: () => ["a task waits for a promise"],
    deadlock: (error) => errors.push(error),
  });

  test("stops the clock until the real host has nothing to do, each time anew", async () => {
    const { real, runOut, errors } = emptied();
    const host = new VirtualHost({ real });
    host.watch(parked(errors));
    host.hold("a promise", { keepAlive: false });
    const first = until(host, 10);
    const second = until(host, 20);
    await stillness();
    expect(host.now()).toBe(0);
    runOut();
    await first;
    expect(host.now()).toBe(10);
    await stillness();
    expect(host.now()).toBe(10);
    runOut();
    await second;
    expect([host.now(), errors]).toEqual([20, []]);
  });

  test("beside one that keeps the process alive stops it for good", async () => {
    const { real, runOut, errors } = emptied();
    const host = new VirtualHost({ real, foreignPromises: "pass" });
    host.watch(parked(errors));
    host.hold("a promise", { keepAlive: false });
    const release = host.hold("a download");
    const timer = until(host, 10);
    await stillness();
    expect(host.now()).toBe(0);
    runOut();
    expect(errors).toHaveLength(1);
    release();
    await timer;
    expect(host.now()).toBe(10);
  });

  test("with nothing to jump to: who is parked is told", async () => {
    const { real, runOut, errors } = emptied();
    const host = new VirtualHost({ real });
    const unwatch = host.watch(parked(errors));
    host.hold("a promise", { keepAlive: false });
    await stillness();
    expect(errors).toEqual([]);
    runOut();
    expect(errors[0]?.parked).toEqual(["a task waits for a promise"]);
    unwatch();
    unwatch();
    runOut();
    expect(errors).toHaveLength(1);
  });

  test("is passed by a clock that was told so, when everything that is ready has run", async () => {
    const host = new VirtualHost({ foreignPromises: "pass" });
    const trace = new Trace(() => host.now());
    host.hold("a promise", { keepAlive: false });
    host.at(10, () => trace.log("timer"));
    host.soon(() => trace.log("ready"));
    await until(host, 20);
    expect(trace.entries).toEqual([
      [0, "ready"],
      [10, "timer"],
    ]);
  });
});
