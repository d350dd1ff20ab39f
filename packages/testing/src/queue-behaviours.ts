import type { Behaviour } from "./behaviour.js";
import { expectSame } from "./expect-same.js";
import type { Stage } from "./stage.js";
import { Trace } from "./trace.js";

/** A fresh, empty queue, as steps of a stage. */
export interface QueueSubject<Step> {
  readonly stage: Stage<Step>;
  /** Waits until there is room, and puts the item in. */
  readonly put: (item: string) => Step;
  /** Waits until there is an item, takes it, and calls back with it. */
  readonly take: (taken: (item: string) => void) => Step;
}

/**
 * Gives the behaviours that every bounded queue must show, a channel among them: first in first out for items, for those
 * who wait to take and for those who wait to put; nothing lost to those who give up.
 *
 * Flavor: either; a runtime shows them with a small Stage of its own. Source: ours, after Trio and asyncio. It waits for nothing and throws nothing.
 *
 * @param open makes a fresh stage with a fresh queue that holds up to `capacity` items; called once for each run
 * @example
 * ```ts
 * import { queueBehaviours, type QueueSubject } from "@trestle/testing";
 *
 * async function show<Step>(open: (capacity: number) => QueueSubject<Step>): Promise<void> {
 *   for (const { run } of queueBehaviours(open)) await run();
 * }
 * ```
 */
export function queueBehaviours<Step>(
  open: (capacity: number) => QueueSubject<Step>,
): readonly Behaviour[] {
  return Object.entries(shows).map(([title, [capacity, show]]) => ({
    title,
    run: async () => {
      const subject = open(capacity);
      const trace = new Trace(subject.stage.now);
      await show(subject, trace);
    },
  }));
}

type Show = <Step>(subject: QueueSubject<Step>, trace: Trace) => Promise<void>;

const shows: Readonly<Record<string, readonly [capacity: number, show: Show]>> = {
  "gives items in the order in which they were put": [
    3,
    async ({ stage, put, take }, trace) => {
      await stage.play([
        put("a"),
        put("b"),
        put("c"),
        take(trace.log),
        take(trace.log),
        take(trace.log),
      ]);
      expectSame("what was taken", trace.messages, ["a", "b", "c"]);
    },
  ],

  "makes a put wait while it is full": [
    1,
    async ({ stage, put, take }, trace) => {
      const putter = [
        put("a"),
        stage.call(() => trace.log("has put a")),
        put("b"),
        stage.call(() => trace.log("has put b")),
      ];
      const taker = [stage.sleep(5), take(() => {}), stage.sleep(5), take(() => {})];
      await stage.play(putter, taker);
      expectSame("the puts", trace.entries, [
        [0, "has put a"],
        [5, "has put b"],
      ]);
    },
  ],

  "makes a take wait while it is empty": [
    1,
    async ({ stage, put, take }, trace) => {
      await stage.play([take(trace.log)], [stage.sleep(5), put("a")]);
      expectSame("what was taken", trace.entries, [[5, "a"]]);
    },
  ],

  "serves those who wait to take in the order of their calls": [
    1,
    async ({ stage, put, take }, trace) => {
      const taker = (name: string, at: number) => [
        stage.sleep(at),
        take((item) => trace.log(`${name} took ${item}`)),
      ];
      const putter = [stage.sleep(5), put("a"), stage.sleep(1), put("b"), stage.sleep(1), put("c")];
      await stage.play(taker("third", 3), taker("first", 1), taker("second", 2), putter);
      expectSame("what was taken", trace.entries, [
        [5, "first took a"],
        [6, "second took b"],
        [7, "third took c"],
      ]);
    },
  ],

  "serves those who wait to put in the order of their calls": [
    1,
    async ({ stage, put, take }, trace) => {
      const putter = (item: string, at: number) => [stage.sleep(at), put(item)];
      const pause = stage.sleep(1);
      const taker = [
        stage.sleep(5),
        take(trace.log),
        pause,
        take(trace.log),
        pause,
        take(trace.log),
        pause,
        take(trace.log),
      ];
      await stage.play(putter("d", 3), putter("b", 1), putter("c", 2), putter("a", 0), taker);
      expectSame("what was taken", trace.entries, [
        [5, "a"],
        [6, "b"],
        [7, "c"],
        [8, "d"],
      ]);
    },
  ],

  "loses no item to one who gave up taking": [
    1,
    async ({ stage, put, take }, trace) => {
      const impatient = [
        stage.cancelAfter(3, [take((item) => trace.log(`the impatient took ${item}`))]),
      ];
      const patient = [stage.sleep(1), take((item) => trace.log(`the patient took ${item}`))];
      await stage.play(impatient, patient, [stage.sleep(5), put("a")]);
      expectSame("what was taken", trace.entries, [[5, "the patient took a"]]);
    },
  ],

  "loses no item to one who gives up just before its turn": [
    1,
    async (subject, trace) => {
      await showNotLost(subject, trace, [subject.stage.cancelAfter(5, [subject.take(trace.log)])]);
    },
  ],

  "loses no item to one who gives up just after its turn": [
    1,
    async (subject, trace) => {
      // Its deadline is set later than the put, for the same instant.
      const { stage, take } = subject;
      await showNotLost(subject, trace, [stage.sleep(1), stage.cancelAfter(4, [take(trace.log)])]);
    },
  ],

  "never gives an item whose put was given up": [
    1,
    async ({ stage, put, take }, trace) => {
      const impatient = [stage.cancelAfter(3, [put("given up")])];
      const patient = [stage.sleep(1), put("b")];
      const taker = [stage.sleep(5), take(trace.log), stage.sleep(1), take(trace.log)];
      await stage.play([put("a")], impatient, patient, taker);
      expectSame("what was taken", trace.entries, [
        [5, "a"],
        [6, "b"],
      ]);
    },
  ],
};

/** Shows that an item that is put at 5 is taken once, by an impatient taker or by a patient one. */
async function showNotLost<Step>(
  { stage, put, take }: QueueSubject<Step>,
  trace: Trace,
  impatient: readonly Step[],
): Promise<void> {
  const patient = [stage.sleep(2), stage.cancelAfter(100, [take(trace.log)])];
  await stage.play(impatient, patient, [stage.sleep(5), put("a")]);
  expectSame("what was taken", trace.entries, [[5, "a"]]);
}
