import { describe, expect, test } from "vitest";
import { lockBehaviours, type LockSubject } from "../src/lock-behaviours.js";
import type { Stage } from "../src/stage.js";
import { PromiseLine } from "./promise-line.js";
import { promiseStage, type PromiseStep } from "./promise-stage.js";

interface PromiseLock {
  acquire: (signal: AbortSignal) => Promise<void>;
  release: () => void;
}

/** A good lock, which hands itself to the first in the line. */
function handingLock(line: PromiseLine): PromiseLock {
  let held = false;
  return {
    acquire: async (signal) => {
      if (held) await line.wait(signal);
      held = true;
    },
    release: () => {
      held = line.callFirst();
    },
  };
}

type MakeLock = (line: PromiseLine, stage: Stage<PromiseStep>) => PromiseLock;

function subject(makeLock: MakeLock): () => LockSubject<PromiseStep> {
  return () => {
    const stage = promiseStage();
    const lock = makeLock(new PromiseLine(), stage);
    return { stage, acquire: () => lock.acquire, release: () => stage.call(lock.release) };
  };
}

describe("a lock that hands itself on", () => {
  for (const { title, run } of lockBehaviours(subject(handingLock))) test(title, run);
});

const broken: Readonly<Record<string, MakeLock>> = {
  "lets one holder in at a time": () => ({ acquire: async () => {}, release: () => {} }),
  "serves those who wait in the order of their calls": (line) => {
    const lock = handingLock(line);
    return { ...lock, release: () => void (line.callLast() || lock.release()) };
  },
  "does not let the one who releases it overtake the one who waits": (line, stage) => {
    let held = false;
    return {
      acquire: async (signal) => {
        while (held) {
          await line.wait(signal);
          await stage.sleep(0)(signal);
        }
        held = true;
      },
      release: () => {
        held = false;
        line.callFirst();
      },
    };
  },
  "passes over one who gave up waiting": (line) => {
    const lock = handingLock(line);
    return { ...lock, acquire: deafly(lock.acquire) };
  },
  "is not lost to one who gives up just before its turn": (line) => {
    const lock = handingLock(line);
    return { ...lock, acquire: deafly(lock.acquire) };
  },
  "is not lost to one who gives up just after its turn": (line, stage) => {
    const lock = handingLock(line);
    return {
      ...lock,
      acquire: async (signal) => {
        await lock.acquire(signal);
        await stage.sleep(0)(signal);
      },
    };
  },
  "is free for the next when nobody waits": () => {
    let free = true;
    return {
      acquire: async () => {
        if (!free) throw new Error("used up");
        free = false;
      },
      release: () => {},
    };
  },
};

/** Gives up where the signal says so, but stays in the line. */
function deafly(acquire: PromiseStep): PromiseStep {
  return async (signal) => {
    const givenUp = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
    await Promise.race([acquire(new AbortController().signal), givenUp]);
  };
}

describe("a lock that breaks a rule", () => {
  test.each(Object.entries(broken))("is found out: %s", async (title, makeLock) => {
    const behaviour = lockBehaviours(subject(makeLock)).find((each) => each.title === title);
    await expect(behaviour?.run()).rejects.toBeInstanceOf(Error);
  });
});
