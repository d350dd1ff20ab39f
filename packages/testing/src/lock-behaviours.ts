import type { Behaviour } from "./behaviour.js";
import { expectSame } from "./expect-same.js";
import type { Stage } from "./stage.js";
import { Trace } from "./trace.js";

/** A fresh lock that nobody holds, as steps of a stage. */
export interface LockSubject<Step> {
  readonly stage: Stage<Step>;
  /** Waits until the lock is free, and takes it. */
  readonly acquire: () => Step;
  /** Gives it back; by the task that holds it. */
  readonly release: () => Step;
}

/**
 * Gives the behaviours that every lock must show, and everything that can be used as one (a semaphore or a limiter of one):
 * one holder at a time, first come first served, nothing lost to those who give up.
 *
 * Flavor: either; a runtime shows them with a small Stage of its own. Source: ours, after Trio and asyncio. It waits for nothing and throws nothing.
 *
 * @param open makes a fresh stage with a fresh lock; called once for each run of a behaviour
 * @example
 * ```ts
 * import { lockBehaviours, type LockSubject } from "@trestle/testing";
 *
 * async function show<Step>(open: () => LockSubject<Step>): Promise<void> {
 *   for (const { run } of lockBehaviours(open)) await run();
 * }
 * ```
 */
export function lockBehaviours<Step>(open: () => LockSubject<Step>): readonly Behaviour[] {
  return Object.entries(shows).map(([title, show]) => ({
    title,
    run: async () => {
      const subject = open();
      const trace = new Trace(subject.stage.now);
      await show(subject, trace);
    },
  }));
}

const shows: Readonly<
  Record<string, <Step>(subject: LockSubject<Step>, trace: Trace) => Promise<void>>
> = {
  "lets one holder in at a time": async ({ stage, acquire, release }, trace) => {
    const visit = (name: string) => [
      acquire(),
      stage.call(() => trace.log(`${name} in`)),
      stage.sleep(10),
      stage.call(() => trace.log(`${name} out`)),
      release(),
    ];
    await stage.play(visit("a"), visit("b"), visit("c"));
    expectSame("the visits", trace.entries, [
      [0, "a in"],
      [10, "a out"],
      [10, "b in"],
      [20, "b out"],
      [20, "c in"],
      [30, "c out"],
    ]);
  },

  "serves those who wait in the order of their calls": async (
    { stage, acquire, release },
    trace,
  ) => {
    const visit = (name: string, at: number) => [
      stage.sleep(at),
      acquire(),
      stage.call(() => trace.log(name)),
      stage.sleep(10),
      release(),
    ];
    await stage.play(visit("d", 4), visit("b", 2), visit("c", 3), visit("a", 1));
    expectSame("the visits", trace.entries, [
      [1, "a"],
      [11, "b"],
      [21, "c"],
      [31, "d"],
    ]);
  },

  "does not let the one who releases it overtake the one who waits": async (
    { stage, acquire, release },
    trace,
  ) => {
    const holder = [
      acquire(),
      stage.sleep(10),
      release(),
      acquire(),
      stage.call(() => trace.log("the holder again")),
      release(),
    ];
    const waiter = [
      stage.sleep(1),
      acquire(),
      stage.call(() => trace.log("the waiter")),
      stage.sleep(5),
      release(),
    ];
    await stage.play(holder, waiter);
    expectSame("the visits", trace.entries, [
      [10, "the waiter"],
      [15, "the holder again"],
    ]);
  },

  "passes over one who gave up waiting": async ({ stage, acquire, release }, trace) => {
    const holder = [acquire(), stage.sleep(10), release()];
    const impatient = [
      stage.sleep(1),
      stage.cancelAfter(5, [acquire(), stage.call(() => trace.log("the impatient")), release()]),
      stage.call(() => trace.log("gave up")),
    ];
    const patient = [
      stage.sleep(2),
      acquire(),
      stage.call(() => trace.log("the patient")),
      release(),
    ];
    await stage.play(holder, impatient, patient);
    expectSame("the visits", trace.entries, [
      [6, "gave up"],
      [10, "the patient"],
    ]);
  },

  "is not lost to one who gives up just before its turn": async (subject, trace) => {
    await showNotLost(subject, trace, [
      subject.stage.cancelAfter(10, [subject.acquire(), subject.release()]),
    ]);
  },

  "is not lost to one who gives up just after its turn": async (subject, trace) => {
    // Its deadline is set later than the holder's end, for the same instant.
    const { stage, acquire, release } = subject;
    await showNotLost(subject, trace, [
      stage.sleep(1),
      stage.cancelAfter(9, [acquire(), release()]),
    ]);
  },

  "is free for the next when nobody waits": async ({ stage, acquire, release }, trace) => {
    const again = [
      acquire(),
      release(),
      acquire(),
      release(),
      stage.call(() => trace.log("twice")),
    ];
    await stage.play(again);
    expectSame("the visits", trace.entries, [[0, "twice"]]);
  },
};

/** Shows that the lock goes to a patient waiter when the holder releases it at 10, whatever an impatient one does. */
async function showNotLost<Step>(
  { stage, acquire, release }: LockSubject<Step>,
  trace: Trace,
  impatient: readonly Step[],
): Promise<void> {
  const holder = [acquire(), stage.sleep(10), release()];
  const patient = [
    stage.sleep(2),
    acquire(),
    stage.call(() => trace.log("the patient")),
    release(),
  ];
  await stage.play(holder, impatient, patient);
  expectSame("the visits", trace.entries, [[10, "the patient"]]);
}
