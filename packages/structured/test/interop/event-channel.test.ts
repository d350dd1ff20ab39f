import { EventEmitter } from "node:events";
import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  CancelScope,
  ClosedResourceError,
  EndOfChannel,
  moveOnAfter,
  openEventChannel,
  openNursery,
  sleep,
  WouldBlock,
  type EventChannel,
  type Operation,
} from "../../src/index.js";
import { countListeners } from "../count-listeners.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

type Numbers = EventChannel<[n: number]>;

/** What is in the channel now; an error where nothing is and nothing will be. */
function drain(channel: Numbers): unknown[] {
  const seen: unknown[] = [];
  for (;;) {
    try {
      seen.push(channel.receiveNowait()[0]);
    } catch (error) {
      return error instanceof WouldBlock ? seen : [...seen, error];
    }
  }
}

describe("openEventChannel", () => {
  test("gives all that is emitted in the block, in order, and lets go of the emitter", async () => {
    const { run, trace, log } = virtualRun();
    const emitter = new EventEmitter();
    emitter.emit("x", "too early");
    const value = await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          emitter.emit("x", 1, "one");
          emitter.emit("x", 2, "two");
          yield* sleep(10);
          emitter.emit("x", 3, "three");
        });
        return yield* openEventChannel(
          emitter,
          "x",
          function* (channel: EventChannel<[n: number, word: string]>) {
            for (let i = 0; i < 3; i++) {
              const [n, word] = yield* channel.receive();
              log(`${n} is ${word}`);
            }
            return "done";
          },
        );
      }),
    );
    expect(value).toBe("done");
    expect(trace.entries).toEqual([
      [0, "1 is one"],
      [0, "2 is two"],
      [10, "3 is three"],
    ]);
    expect(emitter.eventNames()).toEqual([]);
  });

  test("gives the events of an EventTarget", async () => {
    const { run } = virtualRun();
    const target = new EventTarget();
    const listeners = countListeners(target);
    const event = new Event("x");
    const seen = await run(() =>
      openEventChannel(
        target,
        "x",
        function* (channel) {
          target.dispatchEvent(event);
          target.dispatchEvent(new Event("error"));
          return yield* channel.receive();
        },
        { endOn: ["end"] },
      ),
    );
    expect(seen).toEqual([event]);
    expect(listeners).toEqual({ added: 2, removed: 2 });
  });

  test("gives each event to one of several who wait, first come, first served", async () => {
    const { run, trace, log } = virtualRun();
    const emitter = new EventEmitter();
    await run(() =>
      openEventChannel(emitter, "x", (channel: Numbers) =>
        openNursery(function* (nursery) {
          for (const name of ["a", "b"]) {
            nursery.startSoon(function* () {
              log(`${name} got ${(yield* channel.receive())[0]}`);
            });
          }
          yield* sleep(1);
          expect(channel.statistics().tasksWaitingReceive).toBe(2);
          emitter.emit("x", 1);
          emitter.emit("x", 2);
        }),
      ),
    );
    expect(trace.messages).toEqual(["a got 1", "b got 2"]);
  });

  test("loses no event by a receive that is cancelled", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const seen = await run(() =>
      openEventChannel(emitter, "x", function* (channel: Numbers) {
        expect((yield* moveOnAfter(10, () => channel.receive())).cancelledCaught).toBe(true);
        emitter.emit("x", 1);
        expect((yield* moveOnAfter(0, () => channel.receive())).cancelledCaught).toBe(true);
        return yield* channel.receive();
      }),
    );
    expect(seen).toEqual([1]);
  });

  test("lets go of the emitter where the body fails or is cancelled", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const error = new Error("of the body");
    const failing = (): Operation<never> =>
      openEventChannel(emitter, "x", () => {
        throw error;
      });
    expect(await rejectionOf(run(failing))).toBe(error);
    expect(emitter.eventNames()).toEqual([]);
    await run(() =>
      moveOnAfter(10, () =>
        openEventChannel(emitter, "x", (channel) => channel.receive(), { endOn: ["a", "b"] }),
      ),
    );
    expect(emitter.eventNames()).toEqual([]);
  });

  test("fails who still receives when the block has ended", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    let escaped: EventChannel<unknown[]> | undefined;
    const error = await run(function* () {
      let late: unknown;
      yield* openNursery(function* (nursery) {
        yield* openEventChannel(emitter, "x", function* (channel) {
          escaped = channel;
          nursery.startSoon(function* () {
            try {
              yield* channel.receive();
            } catch (caught) {
              late = caught;
            }
          });
          yield* sleep(1);
          emitter.emit("y");
        });
      });
      return late;
    });
    expect(error).toBeInstanceOf(ClosedResourceError);
    expect(() => escaped?.receiveNowait()).toThrow(ClosedResourceError);
  });

  test("tells in a report what it waits for", async () => {
    const { run } = virtualRun();
    const main = (): Operation<unknown> =>
      openEventChannel(new EventEmitter(), "x", (channel) => channel.receive());
    await expect(run(main)).rejects.toThrow(/waits for event 'x' of an EventEmitter/);
  });
});

describe("the end of an event channel", () => {
  test("comes with an event that ends it, after what came before", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const seen: number[] = [];
    await run(() =>
      openEventChannel(
        emitter,
        "x",
        function* (channel: Numbers) {
          emitter.emit("x", 1);
          emitter.emit("x", 2);
          emitter.emit("close");
          expect(emitter.eventNames()).toEqual([]);
          emitter.emit("x", "too late");
          yield* channel.each(function* ([n]) {
            seen.push(n);
          });
          expect(drain(channel)).toEqual([expect.any(EndOfChannel)]);
        },
        { endOn: ["end", "close"] },
      ),
    );
    expect(seen).toEqual([1, 2]);
  });

  test("wakes who waits", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(1);
          emitter.emit("close");
        });
        yield* openEventChannel(emitter, "x", (channel) => channel.each(() => sleep(1)), {
          endOn: ["close"],
        });
      });
    await expect(run(main)).resolves.toBeUndefined();
  });

  test("is broken by an EventEmitter's error, after what came before", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const error = new Error("emitted");
    await run(() =>
      openEventChannel(emitter, "x", function* (channel: Numbers) {
        emitter.emit("x", 1);
        emitter.emit("error", error);
        const [first, broken] = drain(channel);
        expect(first).toBe(1);
        expect(broken).toBeInstanceOf(BrokenResourceError);
        expect((broken as Error).message).toBe("Cannot receive an event: 'error' was emitted.");
        expect((broken as Error).cause).toBe(error);
        expect(drain(channel)).toEqual([broken]);
      }),
    );
  });

  test("does not lose an error that nobody received", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const emitted = new Error("emitted");
    const quiet = (): Operation<unknown> =>
      openEventChannel(emitter, "x", function* () {
        emitter.emit("error", emitted);
        return "value";
      });
    const broken = await rejectionOf(run(quiet));
    expect((broken as Error).cause).toBe(emitted);
    const ofBody = new Error("of the body");
    const failing = (): Operation<unknown> =>
      openEventChannel(emitter, "x", () => {
        emitter.emit("error", emitted);
        throw ofBody;
      });
    expect(await rejectionOf(run(failing))).toBe(ofBody);
    expect(ofBody).toMatchObject({ suppressed: [{ cause: emitted }] });
    const cancelled = (): Operation<unknown> =>
      new CancelScope().run((scope) =>
        openEventChannel(emitter, "x", function* () {
          emitter.emit("error", emitted);
          scope.cancel();
          yield* sleep(1);
        }),
      );
    expect(((await rejectionOf(run(cancelled))) as Error).cause).toBe(emitted);
  });

  test("comes by an error only where that is wanted", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    await run(() =>
      openEventChannel(
        emitter,
        "x",
        function* () {
          expect(emitter.eventNames()).toEqual(["x"]);
        },
        { breakOn: [] },
      ),
    );
    const errors = await run(() =>
      openEventChannel(emitter, "error", function* (channel) {
        emitter.emit("error", 5);
        return yield* channel.receive();
      }),
    );
    expect(errors).toEqual([5]);
  });
});

describe("what openEventChannel refuses at the call", () => {
  const body = (): Operation<void> => sleep(1);

  test.each([-1, 1.5, Number.NaN, "5"])("a capacity of %s", (capacity) => {
    const open = (): unknown =>
      openEventChannel(new EventEmitter(), "x", body, { capacity: capacity as number });
    expect(open).toThrow(ArgumentError);
    expect(open).toThrow(/^Cannot open a channel for an event with a capacity of /);
  });

  test("an overflow that there is not", () => {
    const options = { overflow: "drop" as "error" };
    expect(() => openEventChannel(new EventEmitter(), "x", body, options)).toThrow(
      /"drop-oldest", "drop-newest" or "error" is wanted/,
    );
  });

  test("what emits no events", () => {
    expect(() => openEventChannel({} as EventEmitter, "x", body)).toThrow(ArgumentError);
  });
});
