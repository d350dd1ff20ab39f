import { EventEmitter } from "node:events";
import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  moveOnAfter,
  openNursery,
  sleep,
  waitEvent,
  type EventSource,
  type Operation,
} from "../../src/index.js";
import { countListeners } from "../count-listeners.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

/** Waits for an event while another task does something. */
function* waitWhile(waiting: Operation<unknown>, act: () => void): Operation<unknown> {
  let value: unknown;
  yield* openNursery(function* (nursery) {
    nursery.startSoon(function* () {
      yield* sleep(1);
      act();
    });
    try {
      value = yield* waiting;
    } catch (error) {
      value = error;
    }
  });
  return value;
}

describe("waitEvent", () => {
  test("gives the arguments of the next event of an EventEmitter, and lets go of it", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    emitter.emit("x", "too early");
    const seen = await run(() =>
      waitWhile(waitEvent<[number, string]>(emitter, "x"), () => {
        emitter.emit("y");
        emitter.emit("x", 1, "one");
        emitter.emit("x", 2, "too late");
      }),
    );
    expect(seen).toEqual([1, "one"]);
    expect(emitter.eventNames()).toEqual([]);
  });

  test("gives the event of an EventTarget, and lets go of it", async () => {
    const { run } = virtualRun();
    const target = new EventTarget();
    const listeners = countListeners(target);
    const event = new Event("x");
    const seen = await run(() =>
      waitWhile(waitEvent(target, "x"), () => {
        target.dispatchEvent(new Event("error"));
        target.dispatchEvent(event);
      }),
    );
    expect(seen).toEqual([event]);
    expect(listeners).toEqual({ added: 1, removed: 1 });
  });

  test("takes a symbol for a name, and waits for 'error' itself", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const name = Symbol("x");
    expect(await run(() => waitWhile(waitEvent(emitter, name), () => emitter.emit(name)))).toEqual(
      [],
    );
    const error = new Error("expected");
    expect(
      await run(() => waitWhile(waitEvent(emitter, "error"), () => emitter.emit("error", error))),
    ).toEqual([error]);
  });

  test("throws the very error that an EventEmitter emits", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const error = new Error("emitted");
    expect(
      await run(() => waitWhile(waitEvent(emitter, "x"), () => emitter.emit("error", error))),
    ).toBe(error);
    expect(emitter.eventNames()).toEqual([]);
  });

  test("is broken by what the endings name, and by a failure that is no Error", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const target = new EventTarget();
    const failed = new Event("error");
    const outcomes = await run(function* () {
      return [
        yield* waitWhile(waitEvent(emitter, "x", { endOn: ["close"] }), () =>
          emitter.emit("close"),
        ),
        yield* waitWhile(waitEvent(emitter, "x"), () => emitter.emit("error", "a string")),
        yield* waitWhile(waitEvent(target, "x", { breakOn: ["error"] }), () =>
          target.dispatchEvent(failed),
        ),
      ] as BrokenResourceError[];
    });
    for (const error of outcomes) expect(error).toBeInstanceOf(BrokenResourceError);
    expect(outcomes.map(({ message }) => message)).toEqual([
      "Cannot wait for event 'x' of an EventEmitter: 'close' came first.",
      "Cannot wait for event 'x' of an EventEmitter: 'error' came first.",
      "Cannot wait for event 'x' of an EventTarget: 'error' came first.",
    ]);
    expect(outcomes.map(({ cause }) => cause)).toEqual([undefined, "a string", failed]);
  });

  test("leaves 'error' to others where no failures are wanted", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const main = (): Operation<unknown> =>
      waitWhile(waitEvent(emitter, "x", { breakOn: [] }), () => {
        expect(emitter.listenerCount("error")).toBe(0);
        emitter.emit("x");
      });
    expect(await run(main)).toEqual([]);
  });

  test("lets go of all where it is cancelled, before it waits or while it does", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    for (const ms of [0, 10]) {
      const result = await run(() =>
        moveOnAfter(ms, () => waitEvent(emitter, "x", { endOn: ["close"] })),
      );
      expect(result.cancelledCaught).toBe(true);
      expect(emitter.eventNames()).toEqual([]);
    }
  });

  test("may be run again", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    await run(function* () {
      const waiting = waitEvent(emitter, "x");
      expect(yield* waitWhile(waiting, () => emitter.emit("x", 1))).toEqual([1]);
      expect(yield* waitWhile(waiting, () => emitter.emit("x", 2))).toEqual([2]);
    });
  });

  test("is named in the report of a deadlock", async () => {
    const { run } = virtualRun();
    await expect(run(() => waitEvent(new EventEmitter(), "x"))).rejects.toThrow(
      /waits for event 'x' of an EventEmitter/,
    );
  });

  test("lets go of an emitter that emits while it is listened to", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    // Adding the listener for "error" emits "newListener".
    expect((await run(() => waitEvent(emitter, "newListener")))[0]).toBe("error");
    expect(emitter.eventNames()).toEqual([]);
  });

  test("takes no listener where one of them is refused", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const refusal = new Error("no listener for that");
    emitter.on("newListener", (name) => {
      if (name === "close") throw refusal;
    });
    const main = (): Operation<unknown> => waitEvent(emitter, "x", { endOn: ["close"] });
    expect(await rejectionOf(run(main))).toBe(refusal);
    expect(emitter.eventNames()).toEqual(["newListener"]);
  });

  test.each([undefined, {}, { on: () => {} }, { addEventListener: () => {} }, "x"])(
    "refuses at the call what emits no events: %s",
    (source) => {
      expect(() => waitEvent(source as unknown as EventSource, "x")).toThrow(ArgumentError);
      expect(() => waitEvent(source as unknown as EventSource, "x")).toThrow(
        /^Cannot wait for an event of .*: an EventEmitter or an EventTarget is wanted\.$/,
      );
    },
  );

  test("refuses at the call what is no event's name", () => {
    const wrong = /the name of an event is wanted/;
    expect(() => waitEvent(new EventEmitter(), 5 as never)).toThrow(wrong);
    expect(() => waitEvent(new EventTarget(), Symbol("x"))).toThrow(wrong);
  });
});
