import { CancelledError, currentTask, sleep } from "@trestle/loop";
import {
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  sleep as structuredSleep,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asStructured } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

/** Says what it is sent and thrown. */
const echo = asStructured(async function* (): AsyncGenerator<string, string, string> {
  let answer = "ready";
  for (;;) {
    try {
      answer = `got ${yield answer}`;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      answer = `caught ${String(error)}`;
    }
    await sleep(1);
  }
});

describe("a step", () => {
  test("sends a value into the generator (defect 5: it saw none)", async () => {
    const { run } = virtualBridge();
    const values = await run(() =>
      echo().open(function* (handle) {
        const values: string[] = [];
        values.push((yield* handle.next()).value);
        values.push((yield* handle.next("a")).value);
        values.push((yield* handle.next("b")).value);
        return values;
      }),
    );
    expect(values).toEqual(["ready", "got a", "got b"]);
  });

  test("throws an error into the generator (defect 5: it was not passed on)", async () => {
    const { run } = virtualBridge();
    const values = await run(() =>
      echo().open(function* (handle) {
        const values: string[] = [];
        values.push((yield* handle.next()).value);
        values.push((yield* handle.throw("oops")).value);
        values.push((yield* handle.next("a")).value);
        return values;
      }),
    );
    expect(values).toEqual(["ready", "caught oops", "got a"]);
  });

  test("ends the generator, whose cleanup is waited for", async () => {
    const { run, log, trace } = virtualBridge();
    const items = asStructured(async function* (): AsyncGenerator<number, string> {
      try {
        yield 1;
        return "to its end";
      } finally {
        await sleep(5);
        log("cleaned up");
      }
    });
    await run(() =>
      items().open(function* (handle) {
        yield* handle.next();
        expect(yield* handle.return("early")).toEqual({ done: true, value: "early" });
        log("returned");
        expect(yield* handle.next()).toEqual({ done: true, value: undefined });
      }),
    );
    expect(trace.entries).toEqual([
      [5, "cleaned up"],
      [5, "returned"],
    ]);
  });

  test("of an iterator with next alone ends it by the others' defaults", async () => {
    const { run, log, trace } = virtualBridge();
    const next = async (): Promise<IteratorResult<number, string>> => ({ done: false, value: 1 });
    const plain = () => asStructured({ [Symbol.asyncIterator]: () => ({ next }) });
    const closing = asStructured({
      [Symbol.asyncIterator]: () => ({
        next,
        return: async () => {
          log("closed");
          return { done: true as const, value: "closed" };
        },
      }),
    });
    const error = new Error("thrown in");
    await run(() =>
      plain().open(function* (handle) {
        expect(yield* handle.return("early")).toEqual({ done: true, value: "early" });
      }),
    );
    for (const items of [plain(), closing]) {
      const failing = run(() =>
        items.open(function* (handle) {
          yield* handle.next();
          yield* handle.throw(error);
        }),
      );
      await expect(rejectionOf(failing)).resolves.toBe(error);
    }
    expect(trace.messages).toEqual(["closed"]);
  });

  test("after a cancelled one goes on where the iterator does", async () => {
    const { run } = virtualBridge();
    let pulls = 0;
    const patient = asStructured({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          pulls++;
          await sleep(10);
          return { done: false, value: pulls } as IteratorResult<number>;
        },
      }),
    });
    const value = await run(() =>
      patient.open(function* (handle) {
        yield* moveOnAfter(5, () => handle.next());
        return (yield* handle.next()).value;
      }),
    );
    expect(value).toBe(2);
  });

  test("is of the one task of the loop, whichever structured task asks", async () => {
    const { run } = virtualBridge();
    const tasks = new Set<unknown>();
    const items = asStructured(async function* () {
      for (let n = 1; ; n++) {
        await sleep(10);
        tasks.add(currentTask());
        yield n;
      }
    });
    const got: number[] = [];
    await run(() =>
      items().open((handle) =>
        openNursery(function* (nursery) {
          for (let i = 0; i < 3; i++) {
            nursery.startSoon(function* () {
              got.push((yield* handle.next()).value);
            });
          }
        }),
      ),
    );
    expect(got).toEqual([1, 2, 3]);
    expect(tasks.size).toBe(1);
  });

  test("that waits in line is withdrawn by its cancellation, and the others are served", async () => {
    const { run } = virtualBridge();
    let made = 0;
    const items = asStructured(async function* () {
      for (;;) {
        await sleep(10);
        yield ++made;
      }
    });
    const got: number[] = [];
    await run(() =>
      items().open((handle) =>
        openNursery(function* (nursery) {
          const take = function* () {
            got.push((yield* handle.next()).value);
          };
          nursery.startSoon(take);
          nursery.startSoon(() => moveOnAfter(5, take));
          nursery.startSoon(take);
        }),
      ),
    );
    expect(got).toEqual([1, 2]);
    expect(made).toBe(2);
  });
});

test("a handle is closed with its block", async () => {
  const { run } = virtualBridge();
  const handle = await run(function* () {
    const kept = yield* echo().open(function* (handle) {
      yield* structuredSleep(1);
      return handle;
    });
    const error = yield* (function* () {
      try {
        yield* kept.next();
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(ClosedResourceError);
    return kept;
  });
  expect(handle).toBeDefined();
});
