import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { TimerQueue, type TimerEntry } from "../src/timer-queue.js";

interface Entry extends TimerEntry {
  readonly name: string;
}

function entry(when: number, name = `at ${when}`, rank = 0): Entry {
  return { name, when, rank, sequence: 0, queued: false };
}

function drain(queue: TimerQueue<Entry>, now = Number.POSITIVE_INFINITY): string[] {
  const names: string[] = [];
  for (let due = queue.takeDue(now); due; due = queue.takeDue(now)) names.push(due.name);
  return names;
}

test("gives the earliest first", () => {
  const queue = new TimerQueue<Entry>();
  for (const when of [5, 1, 4, 2, 3]) queue.add(entry(when));
  expect(queue.size).toBe(5);
  expect(queue.peek()?.when).toBe(1);
  expect(drain(queue)).toEqual(["at 1", "at 2", "at 3", "at 4", "at 5"]);
  expect([queue.size, queue.peek()]).toEqual([0, undefined]);
});

test("gives what is due and leaves the rest", () => {
  const queue = new TimerQueue<Entry>();
  for (const when of [3, 1, 2]) queue.add(entry(when));
  expect(drain(queue, 0.999)).toEqual([]);
  expect(drain(queue, 2)).toEqual(["at 1", "at 2"]);
  expect(queue.size).toBe(1);
});

test("gives lower ranks first at one instant, and then keeps the order of adding", () => {
  const queue = new TimerQueue<Entry>();
  queue.add(entry(1, "second, rank 1", 1));
  queue.add(entry(1, "first, rank 0"));
  queue.add(entry(1, "third, rank 1", 1));
  queue.add(entry(0, "earlier, rank 9", 9));
  queue.add(entry(1, "second, rank 0"));
  expect(drain(queue)).toEqual([
    "earlier, rank 9",
    "first, rank 0",
    "second, rank 0",
    "second, rank 1",
    "third, rank 1",
  ]);
});

test("takes out what is removed, at any place, once", () => {
  const queue = new TimerQueue<Entry>();
  const entries = [1, 2, 3, 4].map((when) => entry(when));
  for (const each of entries) queue.add(each);
  for (const index of [0, 2, 2]) queue.remove(entries[index] as Entry);
  expect(queue.size).toBe(2);
  expect(queue.peek()?.when).toBe(2);
  expect(drain(queue)).toEqual(["at 2", "at 4"]);
});

test("does nothing for an entry that was taken, or never added", () => {
  const queue = new TimerQueue<Entry>();
  const taken = entry(1);
  queue.add(taken);
  queue.add(entry(2));
  expect(queue.takeDue(1)).toBe(taken);
  queue.remove(taken);
  queue.remove(entry(2));
  expect([taken.queued, queue.size]).toEqual([false, 1]);
});

test("keeps few of the entries that were removed, also where they never come up", async () => {
  const queue = new TimerQueue<Entry>();
  queue.add(entry(0));
  const removed = Array.from({ length: 1000 }, (_, index) => {
    const added = entry(1 + index);
    queue.add(added);
    return added;
  }).map((each) => {
    queue.remove(each);
    return new WeakRef(each);
  });
  await collectGarbage();
  expect(removed.filter((each) => each.deref() !== undefined).length).toBeLessThan(100);
  expect([queue.size, drain(queue)]).toEqual([1, ["at 0"]]);
});

describe("against a sorted array", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("gives the same for random calls, seed %i", (seed) => {
    const random = mulberry32(seed);
    const pick = (below: number): number => Math.floor(random() * below);
    const queue = new TimerQueue<Entry>();
    const model: Entry[] = [];
    const everAdded: Entry[] = [];
    let now = 0;
    for (let step = 0; step < 5000; step++) {
      const action = random();
      if (action < 0.5) {
        // Few instants and ranks, so that ties are common.
        const added = entry(now + pick(20), `entry ${step}`, pick(3));
        queue.add(added);
        everAdded.push(added);
        model.push(added);
        model.sort((a, b) => a.when - b.when || a.rank - b.rank || a.sequence - b.sequence);
      } else if (action < 0.85 && everAdded.length > 0) {
        const removed = everAdded[pick(everAdded.length)] as Entry;
        queue.remove(removed);
        const place = model.indexOf(removed);
        if (place >= 0) model.splice(place, 1);
      } else {
        now += pick(4);
        const expected = model.filter(({ when }) => when <= now).map(({ name }) => name);
        model.splice(0, expected.length);
        expect(drain(queue, now)).toEqual(expected);
      }
      expect(queue.size).toBe(model.length);
      expect(queue.peek()).toBe(model[0]);
    }
    expect(drain(queue)).toEqual(model.map(({ name }) => name));
  });
});

/** A small random number generator with a seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function collectGarbage(): Promise<void> {
  // What a WeakRef has shown stays alive until the job is over.
  await new Promise((resolve) => void setImmediate(resolve));
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
