import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import type { Ready } from "../src/ready.js";
import { Scheduler, type Timed } from "../src/scheduler.js";
import { createTask } from "../src/create-task.js";
import { sleep } from "../src/sleep.js";
import { StepWatch } from "../src/step-watch.js";
import { messages } from "./on-virtual-time.js";

interface Stage {
  readonly scheduler: Scheduler;
  readonly host: VirtualHost;
  readonly log: string[];
  readonly ready: (name: string, then?: () => void) => Ready;
  readonly timed: (name: string, when: number) => Timed;
}

function open(host = new VirtualHost()): Stage {
  const log: string[] = [];
  const owner = { rested: () => log.push("rested"), halted: () => log.push("halted") };
  const scheduler = new Scheduler(host, {
    rested: () => void owner.rested(),
    halted: () => void owner.halted(),
  });
  const ready = (name: string, then = (): void => {}): Ready => ({
    withdrawn: false,
    step: () => {
      log.push(name);
      then();
      return false;
    },
  });
  const timed = (name: string, when: number): Timed => ({
    ...ready(`${name} at ${when}`),
    when,
    rank: 0,
    sequence: 0,
    queued: false,
  });
  return { scheduler, host, log, ready, timed };
}

const settle = (host: VirtualHost, at = 1000): Promise<void> =>
  new Promise((resolve) => void host.at(at, resolve));

test("runs nothing before it is started, and rests when all has run", async () => {
  const { scheduler, host, log, ready } = open();
  scheduler.enqueue(ready("a"));
  await settle(host);
  expect(log).toEqual([]);
  scheduler.start();
  await settle(host, 2000);
  expect(log).toEqual(["a", "rested"]);
});

test("what a step makes ready belongs to the next iteration, after timers that are due by then", async () => {
  const { scheduler, host, log, ready, timed } = open();
  scheduler.enqueue(ready("a", () => scheduler.enqueue(ready("c"))));
  scheduler.enqueue(ready("b", () => scheduler.addTimer(timed("timer", 0))));
  scheduler.start();
  await settle(host);
  expect(log).toEqual(["a", "b", "c", "timer at 0", "rested"]);
});

test("microtasks run between two steps, and not between quiet ones", async () => {
  const { scheduler, host, log, ready } = open();
  const noisy = (name: string): Ready =>
    ready(name, () => void Promise.resolve().then(() => log.push(`microtask of ${name}`)));
  const quiet = (name: string): Ready => ({
    withdrawn: false,
    step: () => (noisy(name).step(), true),
  });
  for (const each of [noisy("a"), noisy("b"), quiet("c"), noisy("d")]) scheduler.enqueue(each);
  scheduler.start();
  await settle(host);
  expect(log).toEqual([
    "a",
    "microtask of a",
    "b",
    "microtask of b",
    "c",
    "d",
    "microtask of c",
    "microtask of d",
    "rested",
  ]);
});

test("passes over what was withdrawn", async () => {
  const { scheduler, host, log, ready } = open();
  scheduler.enqueue({ ...ready("a"), withdrawn: true });
  scheduler.enqueue(ready("b"));
  scheduler.start();
  await settle(host);
  expect(log).toEqual(["b", "rested"]);
});

test("has one timer in its host, for its earliest, and moves it when that goes", async () => {
  const { scheduler, host, log, timed } = open();
  const [early, late] = [timed("early", 10), timed("late", 20)];
  scheduler.addTimer(late);
  scheduler.addTimer(early);
  scheduler.start();
  host.at(5, () => scheduler.removeTimer(early));
  const times: number[] = [];
  host.at(20, () => times.push(host.now()));
  await settle(host);
  expect([log, times]).toEqual([["rested", "rested", "late at 20", "rested"], [20]]);
});

test("a timer for never is not queued", async () => {
  const { scheduler, host, log, timed } = open();
  scheduler.addTimer(timed("never", Number.POSITIVE_INFINITY));
  scheduler.start();
  await settle(host);
  expect([log, host.now()]).toEqual([["rested"], 1000]);
});

test("stops after the iteration that runs, keeps the rest, and can be started again", async () => {
  const { scheduler, host, log, ready } = open();
  scheduler.enqueue(ready("a", () => scheduler.stop()));
  scheduler.enqueue(ready("b", () => scheduler.enqueue(ready("c"))));
  scheduler.start();
  await settle(host);
  expect([log, scheduler.isRunning]).toEqual([["a", "b", "halted"], false]);
  scheduler.start();
  await settle(host, 2000);
  expect(log.slice(3)).toEqual(["c", "rested"]);
});

test("stopped before it is started, or at rest, it runs one iteration", async () => {
  const { scheduler, host, log, ready } = open();
  scheduler.enqueue(ready("a", () => scheduler.enqueue(ready("b"))));
  scheduler.stop();
  scheduler.start();
  await settle(host);
  expect(log).toEqual(["a", "halted"]);
  scheduler.start();
  await settle(host, 2000);
  scheduler.stop();
  await settle(host, 3000);
  expect(log.slice(2)).toEqual(["b", "rested", "halted"]);
});

test("forgets what is queued, and its timers, where it is told to", async () => {
  const { scheduler, host, log, ready, timed } = open();
  scheduler.enqueue(ready("a"));
  scheduler.addTimer(timed("timer", 5));
  scheduler.clear();
  scheduler.clearTimers();
  scheduler.start();
  await settle(host);
  expect(log).toEqual(["rested"]);
  expect(scheduler.isClosed).toBe(false);
  scheduler.close();
  expect(scheduler.isClosed).toBe(true);
});

test("what follows from a step and is next of all is done in the step's turn", async () => {
  const { scheduler, host, log, ready } = open();
  const follow = (name: string) => (): void => {
    const { turn } = scheduler;
    void Promise.resolve().then(() => scheduler.enqueueInTurn(ready(name), turn));
    host.soon(() => log.push(`after the turn of ${name}`));
  };
  scheduler.enqueue(ready("a", follow("b")));
  scheduler.start();
  await settle(host);
  expect(log).toEqual(["a", "b", "after the turn of b", "rested"]);
});

test("it is queued where something else is ready, its turn is over, the loop stops or is watched", async () => {
  const cases: [string, (stage: Stage, turn: number) => void][] = [
    ["something is ready", ({ scheduler, ready }) => scheduler.enqueue(ready("other"))],
    ["the loop stops", ({ scheduler }) => scheduler.stop()],
    ["it is watched", ({ scheduler, host }) => (scheduler.watch = new StepWatch(host))],
  ];
  for (const [what, prepare] of cases) {
    const stage = open();
    const { scheduler, host, log, ready } = stage;
    const step = ready("a", () => {
      const { turn } = scheduler;
      prepare(stage, turn);
      scheduler.enqueueInTurn(ready("b"), turn);
      log.push("end of a");
    });
    scheduler.enqueue(step);
    scheduler.start();
    await settle(host);
    expect([what, log.slice(0, 2)]).toEqual([what, ["a", "end of a"]]);
  }
  const { scheduler, host, log, ready } = open();
  scheduler.start();
  await settle(host);
  scheduler.enqueueInTurn(ready("late"), scheduler.turn - 1);
  expect(log).toEqual(["rested"]);
  await settle(host, 2000);
  expect(log).toEqual(["rested", "late", "rested"]);
});

/** A host that lets microtasks in, or not, and keeps how many of those that wait they would pass over. */
class MicrotaskHost extends VirtualHost {
  readonly asked: number[] = [];
  #letsIn: boolean;

  constructor(letsIn: boolean) {
    super();
    this.#letsIn = letsIn;
  }

  admitsMicrotask(besides = 0): boolean {
    this.asked.push(besides);
    return this.#letsIn;
  }
}

test("what a microtask makes ready is done in it where the host lets it, past the turn that the loop has asked for", async () => {
  const host = new MicrotaskHost(true);
  const { scheduler, log, ready } = open(host);
  const follow = (): void => {
    void Promise.resolve().then(() => scheduler.enqueueInMicrotask(ready("b")));
    host.soon(() => log.push("after the turn of b"));
  };
  scheduler.enqueue(ready("a", follow));
  scheduler.start();
  await settle(host);
  expect(log).toEqual(["a", "b", "after the turn of b", "rested"]);
  scheduler.enqueueInMicrotask(ready("c"));
  expect(log.at(-1)).toBe("c");
  expect(host.asked).toEqual([1, 0]);
});

test("it is queued where the host has no room for it, where something else is ready, the loop stops or is watched", async () => {
  const cases: [string, VirtualHost, (stage: Stage) => void][] = [
    ["the host does not let it", new MicrotaskHost(false), () => {}],
    ["the host knows no microtasks", new VirtualHost(), () => {}],
    [
      "something is ready",
      new MicrotaskHost(true),
      ({ scheduler, ready }) => scheduler.enqueue(ready("other")),
    ],
    ["the loop stops", new MicrotaskHost(true), ({ scheduler }) => scheduler.stop()],
    [
      "it is watched",
      new MicrotaskHost(true),
      ({ scheduler, host }) => (scheduler.watch = new StepWatch(host)),
    ],
  ];
  for (const [what, host, prepare] of cases) {
    const stage = open(host);
    const { scheduler, log, ready } = stage;
    scheduler.start();
    await settle(host);
    prepare(stage);
    scheduler.enqueueInMicrotask(ready("b"));
    expect([what, log.filter((name) => name === "b")]).toEqual([what, []]);
    await settle(host, 2000);
    expect([what, log.filter((name) => name === "b")]).toEqual([what, ["b"]]);
  }
});

test("what follows from a short task comes after a timer that was due before it, as in asyncio", async () => {
  const main = messages(async ({ log, loop }) => {
    const waiting = createTask(async () => {
      await short;
      log("goes on");
    });
    waiting.addDoneCallback(() => log("has ended"));
    const short = createTask(async () => {
      loop.callLater(0, log, "timer");
    });
    await sleep(10);
  });
  expect(await main).toEqual(["goes on", "timer", "has ended"]);
});

describe("a step from outside, of a loop that rests", () => {
  async function rest(): Promise<Stage & { outside: Stage["ready"] }> {
    const stage = open();
    stage.scheduler.start();
    await settle(stage.host, 1);
    const outside: Stage["ready"] = (name, then) => ({
      ...stage.ready(name, then),
      isFromOutside: true,
    });
    return { ...stage, outside };
  }

  test("leaves it at rest, and its microtasks run before the next thing", async () => {
    const { scheduler, host, log, ready, outside } = await rest();
    const chain = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) await Promise.resolve();
      log.push("end of the microtasks");
    };
    const step = outside("a", () => {
      void chain();
      void Promise.resolve().then(() => scheduler.enqueue(ready("b")));
    });
    scheduler.enqueue(step);
    await settle(host, 2);
    expect(log).toEqual(["rested", "a", "end of the microtasks", "b", "rested"]);
    scheduler.enqueue(outside("c"));
    scheduler.enqueue(outside("d"));
    await settle(host, 3);
    scheduler.enqueue(outside("e"));
    await settle(host, 4);
    expect(log.slice(5)).toEqual(["c", "d", "rested", "e"]);
  });

  test("is followed by what it makes ready, by its timers, and by the end that it asks for", async () => {
    const { scheduler, host, log, ready, timed, outside } = await rest();
    scheduler.enqueue(outside("a", () => scheduler.enqueue(ready("b"))));
    await settle(host, 2);
    scheduler.enqueue(outside("c", () => scheduler.addTimer(timed("timer", 3))));
    await settle(host, 4);
    scheduler.enqueue(outside("d", () => scheduler.stop()));
    await settle(host, 5);
    expect(log.slice(1)).toEqual([
      "a",
      "b",
      "rested",
      "c",
      "rested",
      "timer at 3",
      "rested",
      "d",
      "halted",
    ]);
  });

  test("leaves it to be stopped, with one iteration more, as any loop at rest", async () => {
    const { scheduler, host, log, ready, outside } = await rest();
    scheduler.enqueue(outside("a"));
    await settle(host, 2);
    scheduler.enqueue(ready("b", () => scheduler.enqueue(ready("c"))));
    scheduler.stop();
    await settle(host, 3);
    expect(log.slice(1)).toEqual(["a", "b", "halted"]);
  });

  test("has a turn after it where the steps are watched", async () => {
    const { scheduler, host, log, outside } = await rest();
    scheduler.watch = new StepWatch(host);
    scheduler.enqueue(outside("a"));
    await settle(host, 2);
    expect(log).toEqual(["rested", "a", "rested"]);
  });
});
