import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import {
  checkpoint,
  currentTask,
  Event,
  fromPromise,
  openNursery,
  run,
  sleep,
  type Nursery,
  type Operation,
} from "../src/index.js";
import { contexts, detectUse } from "../src/async-context.js";
import type { TaskRecord } from "../src/task-record.js";
import { virtualRun } from "./virtual-run.js";

/** Waits in each way that a task can: for a round, a timer, another task and a promise. */
function* suspensions(see: () => void): Operation<void> {
  see();
  yield* checkpoint();
  see();
  yield* sleep(1);
  see();
  const event = new Event();
  yield* openNursery(function* (nursery) {
    nursery.startSoon(function* () {
      event.set();
    });
    yield* event.wait();
  });
  see();
  yield* fromPromise(Promise.resolve());
  see();
}

describe("a task runs in the async context", () => {
  test("of the code that started it, across every suspension", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: Record<string, (string | undefined)[]> = { a: [], b: [], none: [] };
    const child = (name: string) => () => suspensions(() => seen[name]?.push(storage.getStore()));
    await run(() =>
      openNursery(function* (nursery) {
        storage.run("for a", () => nursery.startSoon(child("a")));
        storage.run("for b", () => nursery.startSoon(child("b")));
        nursery.startSoon(child("none"));
      }),
    );
    storage.disable();
    expect(seen["a"]).toEqual(Array(5).fill("for a"));
    expect(seen["b"]).toEqual(Array(5).fill("for b"));
    expect(seen["none"]).toEqual(Array(5).fill(undefined));
  });

  test("of the code that called run", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const main = (): Operation<void> => suspensions(() => seen.push(storage.getStore()));
    await Promise.all([
      storage.run("one", () => run(main)),
      storage.run("one", () => run(main)),
      run(main),
    ]);
    storage.disable();
    expect(seen.filter((value) => value === "one")).toHaveLength(10);
    expect(seen.filter((value) => value === undefined)).toHaveLength(5);
  });

  test("and keeps what it enters itself, which its children see and nobody else", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: string[] = [];
    const look = (who: string): void => void seen.push(`${who}: ${storage.getStore()}`);
    const { run: runVirtually } = virtualRun();
    await runVirtually(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          storage.enterWith("its own");
          yield* sleep(1);
          look("it");
          nursery.startSoon(function* () {
            yield* checkpoint();
            look("its child");
          });
        });
        nursery.startSoon(function* () {
          look("a sibling at once");
          yield* sleep(2);
          look("a sibling");
        });
        yield* sleep(3);
        look("the parent");
      }),
    );
    look("the caller");
    storage.disable();
    expect(seen).toEqual([
      "a sibling at once: undefined",
      "it: its own",
      "its child: its own",
      "a sibling: undefined",
      "the parent: undefined",
      "the caller: undefined",
    ]);
  });

  test("of a plain callback that starts it", async () => {
    const storage = new AsyncLocalStorage<string>();
    const emitter = new EventTarget();
    const seen: (string | undefined)[] = [];
    const inside = new Event();
    let nursery: Nursery | undefined;
    const running = run(() =>
      openNursery(function* (opened) {
        nursery = opened;
        emitter.dispatchEvent(new globalThis.Event("open"));
        yield* inside.wait();
      }),
    );
    await once(emitter, "open");
    storage.run("request 1", () =>
      nursery?.startSoon(function* () {
        yield* suspensions(() => seen.push(storage.getStore()));
        inside.set();
      }),
    );
    await running;
    storage.disable();
    expect(seen).toEqual(Array(5).fill("request 1"));
  });

  test("on a virtual host as well", async () => {
    const { run: runVirtually } = virtualRun();
    const storage = new AsyncLocalStorage<number>();
    const seen: (number | undefined)[] = [];
    await storage.run(7, () =>
      runVirtually(function* () {
        yield* sleep(1000);
        seen.push(storage.getStore());
      }),
    );
    storage.disable();
    expect(seen).toEqual([7]);
  });

  test("only where the run keeps it", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    await run(
      () =>
        openNursery(function* (nursery) {
          storage.run("for a child", () =>
            nursery.startSoon(function* () {
              seen.push(storage.getStore());
            }),
          );
        }),
      { asyncContext: false },
    );
    storage.disable();
    expect(seen).toEqual([undefined]);
  });
});

test.skipIf(!contexts.keepsChanges)(
  "tasks have no context while nothing uses one, where the platform lets that be seen",
  async ({ skip }) => {
    detectUse();
    skip(contexts.inUse, "other tests of this process have left a storage in use");
    const seen: unknown[] = [];
    await run(function* () {
      seen.push((currentTask() as TaskRecord).context);
      yield* sleep(1);
      seen.push((currentTask() as TaskRecord).context);
    });
    expect(seen).toEqual([undefined, undefined]);
  },
);
