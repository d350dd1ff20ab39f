import { describe, expect, test } from "vitest";
import { queueBehaviours, type QueueSubject } from "../src/queue-behaviours.js";
import type { Stage } from "../src/stage.js";
import { PromiseLine } from "./promise-line.js";
import { promiseStage, type PromiseStep } from "./promise-stage.js";

/** A queue of which each part can be done wrong. */
class PromiseQueue {
  readonly takers = new PromiseLine();
  readonly putters = new PromiseLine();
  readonly items: string[] = [];
  readonly #capacity: number;
  /** Items and places that were promised to somebody who was called from the line. */
  #promisedItems = 0;
  #promisedPlaces = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  async put(item: string, signal: AbortSignal): Promise<void> {
    if (this.putters.length > 0 || this.items.length + this.#promisedPlaces >= this.#capacity) {
      await this.putters.wait(signal);
      this.#promisedPlaces--;
    }
    this.store(item);
    if (this.takers.callFirst()) this.#promisedItems++;
  }

  async take(signal: AbortSignal): Promise<string> {
    if (this.takers.length > 0 || this.items.length - this.#promisedItems <= 0) {
      await this.takers.wait(signal);
      this.#promisedItems--;
    }
    const item = this.items.shift() as string;
    if (this.putters.callFirst()) this.#promisedPlaces++;
    return item;
  }

  store(item: string): void {
    this.items.push(item);
  }
}

type MakeQueue = (
  capacity: number,
  stage: Stage<PromiseStep>,
) => Pick<PromiseQueue, "put" | "take">;

function subject(makeQueue: MakeQueue): (capacity: number) => QueueSubject<PromiseStep> {
  return (capacity) => {
    const stage = promiseStage();
    const queue = makeQueue(capacity, stage);
    return {
      stage,
      put: (item) => (signal) => queue.put(item, signal),
      take: (taken) => async (signal) => taken(await queue.take(signal)),
    };
  };
}

describe("a queue with lines for takers and putters", () => {
  const good: MakeQueue = (capacity) => new PromiseQueue(capacity);
  for (const { title, run } of queueBehaviours(subject(good))) test(title, run);
});

const forever = new AbortController().signal;

const broken: Readonly<Record<string, MakeQueue>> = {
  "gives items in the order in which they were put": (capacity) =>
    new (class extends PromiseQueue {
      override store(item: string): void {
        this.items.unshift(item);
      }
    })(capacity),
  "makes a put wait while it is full": () => new PromiseQueue(1000),
  "makes a take wait while it is empty": (capacity) => {
    const queue = new PromiseQueue(capacity);
    return {
      put: (item, signal) => queue.put(item, signal),
      take: async (signal) => (queue.items.length === 0 ? "nothing" : queue.take(signal)),
    };
  },
  "serves those who wait to take in the order of their calls": (capacity) => {
    const queue = new PromiseQueue(capacity);
    queue.takers.callFirst = () => queue.takers.callLast();
    return queue;
  },
  "serves those who wait to put in the order of their calls": (capacity) => {
    const queue = new PromiseQueue(capacity);
    queue.putters.callFirst = () => queue.putters.callLast();
    return queue;
  },
  "loses no item to one who gave up taking": deafTaker,
  "loses no item to one who gives up just before its turn": deafTaker,
  "loses no item to one who gives up just after its turn": (capacity, stage) => {
    const queue = new PromiseQueue(capacity);
    return {
      put: (item, signal) => queue.put(item, signal),
      take: async (signal) => {
        const item = await queue.take(signal);
        await stage.sleep(0)(signal);
        return item;
      },
    };
  },
  "never gives an item whose put was given up": (capacity) => {
    const queue = new PromiseQueue(capacity);
    return {
      put: (item, signal) => givingUp(queue.put(item, forever), signal),
      take: (signal) => queue.take(signal),
    };
  },
};

function deafTaker(capacity: number): Pick<PromiseQueue, "put" | "take"> {
  const queue = new PromiseQueue(capacity);
  return {
    put: (item, signal) => queue.put(item, signal),
    take: (signal) => givingUp(queue.take(forever), signal),
  };
}

/** Gives up where the signal says so; what was begun goes on. */
function givingUp<T>(begun: Promise<T>, signal: AbortSignal): Promise<T> {
  const givenUp = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  return Promise.race([begun, givenUp]);
}

describe("a queue that breaks a rule", () => {
  test.each(Object.entries(broken))("is found out: %s", async (title, makeQueue) => {
    const behaviour = queueBehaviours(subject(makeQueue)).find((each) => each.title === title);
    await expect(behaviour?.run()).rejects.toBeInstanceOf(Error);
  });
});
