import { closeSync, openSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  openNativeBackend,
  type BackendName,
  type TakeEvent,
} from "../../src/readiness/backend.js";
import type { Direction } from "../../src/readiness/descriptor.js";
import { Interests, type Watch } from "../../src/readiness/interests.js";
import { openStreamBackend } from "../../src/readiness/stream-backend.js";
import {
  addon,
  fill,
  hasAddon,
  openPipe,
  openSocketPair,
  openSocketPairAt,
  poke,
  takeByte,
} from "../open-pair.js";

/** A set on a backend of one kind, which ends with the test. */
function openInterests(kind: BackendName): Interests {
  const open = (takeEvent: TakeEvent) => {
    const backend =
      kind === "stream"
        ? openStreamBackend(takeEvent, "this test wants none")
        : openNativeBackend(addon(), kind, takeEvent);
    if (typeof backend !== "object") throw new Error(`cannot open it: ${backend}`);
    return backend;
  };
  const interests = new Interests(open);
  onTestFinished(() => interests.close());
  return interests;
}

/** Watches, writes down what it is told, and lets a test wait for the next news. */
class Diary {
  readonly entries: string[] = [];
  #written: (() => void) | undefined;
  readonly #interests: Interests;

  constructor(interests: Interests) {
    this.#interests = interests;
  }

  watch(fd: number, direction: Direction, name: string = direction): Watch {
    const write = (entry: string): void => {
      this.entries.push(entry);
      this.#written?.();
    };
    const watch = this.#interests.watch(fd, direction, {
      ready: () => write(`${name} ready`),
      failed: (error) => write(`${name}: ${(error as Error).name}`),
    });
    watch.arm();
    return watch;
  }

  async next(): Promise<string | undefined> {
    const { length } = this.entries;
    if (length === this.#read) await new Promise<void>((resolve) => (this.#written = resolve));
    return this.entries[this.#read++];
  }

  #read = 0;
}

const kinds: readonly BackendName[] = hasAddon ? ["poll", "thread", "stream"] : [];

describe.each(kinds)("interests on the backend '%s'", (kind) => {
  test("tell once for each arming, as long as the descriptor is ready", async () => {
    const diary = new Diary(openInterests(kind));
    const [reading, writing] = openPipe();
    const watch = diary.watch(reading, "reading");
    poke(writing);
    expect(await diary.next()).toBe("reading ready");
    watch.arm();
    expect(await diary.next()).toBe("reading ready");
    expect(takeByte(reading)).toBe("x");
    watch.arm();
    poke(writing);
    expect(await diary.next()).toBe("reading ready");
    watch.release();
    expect(diary.entries).toHaveLength(3);
  });

  test("tell of the end, when the other side closes", async () => {
    const diary = new Diary(openInterests(kind));
    const [reading, writing] = openSocketPair();
    diary.watch(reading, "reading");
    closeSync(writing);
    expect(await diary.next()).toBe("reading ready");
  });

  test("refuse a second one for the same direction, and take it when the first is released (FD-2)", () => {
    const diary = new Diary(openInterests(kind));
    const [reading] = openPipe();
    const first = diary.watch(reading, "reading");
    expect(() => diary.watch(reading, "reading")).toThrow(
      `Cannot wait for reading of descriptor ${reading}: somebody else does so at the moment.`,
    );
    first.release();
    diary.watch(reading, "reading").release();
    expect(diary.entries).toEqual([]);
  });

  test("tell those that wait when a descriptor is about to be closed (FD-3)", () => {
    const interests = openInterests(kind);
    const diary = new Diary(interests);
    const [reading] = openPipe();
    const watch = diary.watch(reading, "reading");
    interests.notifyClosing(reading);
    interests.notifyClosing(reading);
    watch.arm();
    watch.release();
    expect(diary.entries).toEqual(["reading: ClosedResourceError"]);
  });

  test.each([
    ["a regular file", () => openSync(import.meta.filename, "r"), "NotWatchableError"],
    ["a folder", () => openSync(import.meta.dirname, "r"), "NotWatchableError"],
    ["the null device", () => openSync("/dev/null", "r"), "NotWatchableError"],
    ["a number that is not open", () => 987_654, "BadDescriptorError"],
  ])("fail for %s (FD-5)", (_what, open, name) => {
    const diary = new Diary(openInterests(kind));
    const fd = open();
    diary.watch(fd, "reading");
    expect(diary.entries).toEqual([`reading: ${name}`]);
    if (name === "NotWatchableError") closeSync(fd);
  });

  test("are counted, and keep nothing that was released (FD-6)", () => {
    const interests = openInterests(kind);
    const diary = new Diary(interests);
    expect(interests.statistics().backend).toBe(undefined);
    const [reading] = openPipe();
    const watch = diary.watch(reading, "reading");
    expect(interests.statistics()).toEqual({
      backend: kind,
      waitingForReading: 1,
      waitingForWriting: 0,
    });
    watch.release();
    watch.release();
    expect(interests.statistics().waitingForReading).toBe(0);
  });

  test("give a number that is used again to its new file only", async () => {
    const interests = openInterests(kind);
    const diary = new Diary(interests);
    for (let i = 0; i < 50; i++) {
      const [reading, writing] = addon().pipe() as [number, number];
      const watch = diary.watch(reading, "reading");
      poke(writing);
      // The event may be on its way already.
      if (i % 2 === 0) expect(await diary.next()).toBe("reading ready");
      watch.release();
      for (const fd of [reading, writing]) closeSync(fd);
      const [, peer] = openSocketPairAt(reading);
      const successor = diary.watch(reading, "reading", "successor");
      const before = diary.entries.length;
      poke(peer);
      expect(await diary.next()).toBe("successor ready");
      expect(diary.entries.length - before).toBe(1);
      successor.release();
      for (const fd of [reading, peer]) closeSync(fd);
    }
  });
});

describe.each(kinds.filter((kind) => kind !== "stream"))(
  "interests on the backend '%s'",
  (kind) => {
    test("watch both directions of a descriptor apart from each other", async () => {
      const diary = new Diary(openInterests(kind));
      const [near, far] = openSocketPair();
      fill(near);
      const reader = diary.watch(near, "reading");
      const writer = diary.watch(near, "writing");
      poke(far);
      expect(await diary.next()).toBe("reading ready");
      addon().read(far, new Uint8Array(1_000_000));
      expect(await diary.next()).toBe("writing ready");
      reader.release();
      writer.release();
    });

    test("wake both directions when the other side has gone (FD-7)", async () => {
      const diary = new Diary(openInterests(kind));
      const [near, far] = openSocketPair();
      fill(near);
      diary.watch(near, "reading");
      diary.watch(near, "writing");
      closeSync(far);
      expect([await diary.next(), await diary.next()]).toEqual(["reading ready", "writing ready"]);
    });
  },
);

describe.skipIf(!hasAddon)("a descriptor that was closed without a word", () => {
  test("leaves its waiter alone, until the number is used again: it is told then, and the new one is not refused (FD-4)", async () => {
    const diary = new Diary(openInterests("poll"));
    const [reading, writing] = addon().pipe() as [number, number];
    diary.watch(reading, "reading", "old");
    for (const fd of [reading, writing]) closeSync(fd);
    const [, peer] = openSocketPairAt(reading);
    diary.watch(reading, "reading", "new");
    poke(peer);
    expect(await diary.next()).toBe("old: ClosedResourceError");
    expect(await diary.next()).toBe("new ready");
  });

  test("fails the watch that is armed again, whether the number is free or another file's", async () => {
    const diary = new Diary(openInterests("poll"));
    const [reading, writing] = addon().pipe() as [number, number];
    const watch = diary.watch(reading, "reading");
    poke(writing);
    expect(await diary.next()).toBe("reading ready");
    for (const fd of [reading, writing]) closeSync(fd);
    const [, peer] = openSocketPairAt(reading);
    watch.arm();
    expect(await diary.next()).toBe("reading: ClosedResourceError");

    const other = diary.watch(reading, "reading", "other");
    poke(peer);
    expect(await diary.next()).toBe("other ready");
    closeSync(reading);
    other.arm();
    expect(await diary.next()).toBe("other: BadDescriptorError");
  });
});

test.skipIf(!hasAddon)("an error in one callback costs the others nothing", async () => {
  const interests = openInterests("poll");
  const errors: unknown[] = [];
  const pairs = [openPipe(), openPipe(), openPipe()];
  const ready: number[] = [];
  const report = (error: unknown): void => void errors.push(error);
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", report);
  onTestFinished(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of others) process.on("uncaughtException", listener);
  });
  await new Promise<void>((resolve) => {
    for (const [at, [reading, writing]] of pairs.entries()) {
      poke(writing);
      interests
        .watch(reading, "reading", {
          ready: () => {
            ready.push(at);
            if (at === 2) resolve();
            throw new Error(`callback ${at}`);
          },
          failed: () => {},
        })
        .arm();
    }
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(ready).toEqual([0, 1, 2]);
  expect(errors.length).toBeGreaterThan(0);
});

test("without the native part nothing can be watched for writing, and the error says so", () => {
  const interests = openInterests("stream");
  expect(() => interests.watch(1, "writing", { ready: () => {}, failed: () => {} })).toThrow(
    "Cannot wait for writing of descriptor 1: that takes the native part of @trestle/io, and this test wants none.",
  );
});
