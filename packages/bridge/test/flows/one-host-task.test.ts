// What spans the border stays whole: a resource or an iterator of one flavor lives in one task of its own while the other flavor
// uses it, to and fro.
import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter, on } from "node:events";
import { sleep, taskGroup, timeout, TimeoutError } from "@trestle/loop";
import {
  CancelScope,
  ContextVar,
  failAfter,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  sleep as structuredSleep,
  type Nursery,
  type Operation,
} from "@trestle/structured";
import { afterEach, describe, expect, test } from "vitest";
import { asLoop, asStructured } from "../../src/index.js";
import { virtualBridge } from "../virtual-bridge.js";

const storage = new AsyncLocalStorage<string>();
afterEach(() => storage.disable());

describe("context (defect 2)", () => {
  test("that a structured resource sets in entering is there in leaving, and for the structured body", async () => {
    const { run } = virtualBridge();
    const request = new ContextVar("request", { defaultValue: "none" });
    const seen: string[] = [];
    const resource = {
      *enter() {
        request.set("r-1");
      },
      *exit() {
        seen.push(`exit: ${request.get()}`);
      },
    };
    await run(() =>
      asStructured(async () =>
        asLoop(resource).hold(async () => {
          await sleep(1);
          await asLoop(function* () {
            seen.push(`within: ${request.get()}`);
          })();
        }),
      )(),
    );
    expect(seen).toEqual(["within: r-1", "exit: r-1"]);
  });

  test("of the caller goes into a resource and an iterator, each step of it", async () => {
    const { run } = virtualBridge();
    const seen: (string | undefined)[] = [];
    await run(() =>
      storage.run("caller", () =>
        asStructured(async function* () {
          for (let i = 0; i < 2; i++) {
            seen.push(storage.getStore());
            await sleep(1);
            seen.push(storage.getStore());
            yield;
          }
        })().each(function* () {
          yield* structuredSleep(1);
        }),
      ),
    );
    await run(function* () {
      storage.enterWith("caller");
      yield* asStructured({
        enter: async () => void seen.push(storage.getStore()),
        exit: async () => void seen.push(storage.getStore()),
      }).hold(function* () {
        storage.enterWith("the body's own");
        yield* structuredSleep(1);
      });
    });
    expect(seen.slice(-2)).toEqual(["caller", "caller"]);
  });

  test("that a block form of loop code runs its body in reaches what it does afterwards", async () => {
    const { run } = virtualBridge();
    const seen: (string | undefined)[] = [];
    const block = {
      hold: async (body: (value: string) => PromiseLike<never>) =>
        storage.run("of the block", async () => {
          try {
            return await body("value");
          } finally {
            await sleep(1);
            seen.push(storage.getStore());
          }
        }),
    };
    await run(() => asStructured(block).hold(() => structuredSleep(5)));
    expect(seen).toEqual(["of the block"]);
  });
});

describe("scopes, nurseries, timeouts and task groups (defect 2)", () => {
  test("alternate five deep, and a failure in the middle unwinds all of them in order", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("in the middle");
    const groups = { hold: taskGroup };
    const nurseries = asLoop({ hold: openNursery });
    const logging = async (name: string, work: () => PromiseLike<unknown>): Promise<void> => {
      try {
        await work();
      } finally {
        log(`${name} unwinds`);
      }
    };
    const failing = run(() =>
      asStructured(groups).hold(function* (group) {
        void group.createTask(() => logging("task of the outer group", () => sleep(100)));
        yield* asStructured(async () =>
          nurseries.hold(async (nursery: Nursery) => {
            nursery.startSoon(function* () {
              try {
                yield* structuredSleep(100);
              } finally {
                log("child of the nursery unwinds");
              }
            });
            await logging("body", () =>
              asLoop(() =>
                asStructured(groups).hold(function* (inner) {
                  void inner.createTask(async () => {
                    await sleep(10);
                    throw error;
                  });
                  yield* structuredSleep(100);
                }),
              )(),
            );
          }),
        )();
      }),
    );
    await expect(failing).rejects.toThrow(/errors? in/);
    expect(trace.entries).toEqual([
      [10, "body unwinds"],
      [10, "child of the nursery unwinds"],
      [10, "task of the outer group unwinds"],
    ]);
  });

  test("a deadline of either side ends what the other has open", async () => {
    const { run, host } = virtualBridge();
    await run(function* () {
      // Structured, around a task group.
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        asStructured({ hold: taskGroup }).hold(function* (group) {
          void group.createTask(() => sleep(1000));
          yield* structuredSleep(1000);
        }),
      );
      expect([cancelledCaught, host.now()]).toEqual([true, 10]);
      // Of the loop, around a nursery.
      yield* asStructured(async () => {
        const held = timeout(10, () =>
          asLoop({ hold: openNursery }).hold(async (nursery: Nursery) => {
            nursery.startSoon(structuredSleep, 1000);
            await sleep(1000);
          }),
        );
        await expect(held).rejects.toBeInstanceOf(TimeoutError);
      })();
      expect(host.now()).toBe(20);
    });
  });

  test("an iteration passes the border twice, and its source is in one task on each side", async () => {
    const { run, log, trace } = virtualBridge();
    const source = {
      each: (send: (n: number) => Operation<void>) =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            try {
              for (let n = 1; ; n++) {
                yield* structuredSleep(10);
                yield* send(n);
              }
            } finally {
              log("source ends");
            }
          });
        }),
    };
    const doubled = asStructured(async function* () {
      try {
        for await (const n of asLoop(source)) yield n * 2;
      } finally {
        log("generator ends");
      }
    });
    await run(() =>
      moveOnAfter(35, () =>
        doubled().each(function* (n) {
          log(String(n));
        }),
      ),
    );
    expect(trace.entries).toEqual([
      [10, "2"],
      [20, "4"],
      [30, "6"],
      [35, "source ends"],
      [35, "generator ends"],
    ]);
  });

  test("a shielded structured body keeps a resource open, whatever its loop side wants", async () => {
    const { run, log, trace } = virtualBridge();
    const late = { hold: (body: (value: unknown) => PromiseLike<never>) => timeout(10, body) };
    await run(function* () {
      try {
        yield* asStructured(late).hold(() =>
          new CancelScope({ shield: true }).run(() => structuredSleep(20)),
        );
        log("no timeout");
      } catch (error) {
        log(`timed out: ${error instanceof TimeoutError}`);
      }
    });
    expect(trace.messages.length).toBe(1);
    expect(trace.entries[0]?.[0]).toBe(20);
  });
});

describe("libraries", () => {
  test("an event emitter's async iterator is closed: no listener is left", async () => {
    const { run } = virtualBridge();
    const emitter = new EventEmitter();
    const got: unknown[] = [];
    await run(function* (loop) {
      let emitted = 0;
      const emit = (): void => {
        if (emitted < 2 && emitter.emit("data", emitted + 1)) emitted++;
        if (emitted < 2) loop.callSoon(emit);
      };
      loop.callSoon(emit);
      yield* asStructured((source: EventEmitter) => on(source, "data"))(emitter).open(
        function* (events) {
          for (let i = 0; i < 2; i++) got.push((yield* events.next()).value);
        },
      );
    });
    expect(got).toEqual([[1], [2]]);
    expect(emitter.listenerCount("data")).toBe(0);
  });

  test("a channel is a bridge between both: structured code sends what loop code goes through", async () => {
    const { run, log, trace } = virtualBridge();
    await run(() =>
      openNursery(function* (nursery) {
        const [send, receive] = openMemoryChannel<number>(2);
        nursery.startSoon(
          asStructured(async () => {
            for await (const n of asLoop(receive)) {
              await sleep(5);
              log(String(n));
            }
          }),
        );
        yield* failAfter(100, function* () {
          for (let n = 1; n <= 3; n++) yield* send.send(n);
        });
        send.close();
      }),
    );
    expect(trace.entries).toEqual([
      [5, "1"],
      [10, "2"],
      [15, "3"],
    ]);
  });
});
