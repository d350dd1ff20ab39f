import { ArgumentError } from "@trestle/host";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  BlockReusedError,
  CancelScope,
  checkpoint,
  isCancelled,
  moveOnAbort,
  openNursery,
  sleep,
  sleepForever,
  type Cancelled,
  type Operation,
} from "../../src/index.js";
import { countListeners } from "../count-listeners.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

describe("moveOnAbort", () => {
  test("cancels its body when the signal is aborted, with the very reason", async () => {
    const { run, trace, log } = virtualRun();
    const controller = new AbortController();
    const reason = { why: "the user has left" };
    let seen: unknown;
    const result = await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(10);
          controller.abort(reason);
        });
        return yield* moveOnAbort(controller.signal, function* () {
          try {
            yield* sleepForever();
          } catch (error) {
            seen = error;
            log("cancelled");
            throw error;
          }
        });
      }),
    );
    expect(result).toEqual({ cancelledCaught: true, value: undefined });
    expect(trace.entries).toEqual([[10, "cancelled"]]);
    expect((seen as Cancelled).cause).toMatchObject({ kind: "explicit" });
    expect((seen as Cancelled).cause.reason).toBe(reason);
    expect(controller.signal.reason).toBe(reason);
  });

  test("gives the value of a body that ends before, and lets go of the signal", async () => {
    const { run } = virtualRun();
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    const result = await run(() =>
      moveOnAbort(
        signal,
        function* (scope, word) {
          expect(scope).toBeInstanceOf(CancelScope);
          yield* sleep(10);
          return word;
        },
        "done",
      ),
    );
    expect(result).toEqual({ cancelledCaught: false, value: "done" });
    expect(listeners).toEqual({ added: 1, removed: 1 });
  });

  test("lets go of the signal where the body fails, and where it cannot be run", async () => {
    const { run } = virtualRun();
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    const error = new Error("of the body");
    const failing = (): Operation<unknown> =>
      moveOnAbort(signal, function* () {
        yield* sleep(10);
        throw error;
      });
    expect(await rejectionOf(run(failing))).toBe(error);
    await expect(run(() => moveOnAbort(signal, 5 as never))).rejects.toThrow(/structured function/);
    expect(listeners).toEqual({ added: 2, removed: 2 });
  });

  test("cancels the body at its first checkpoint where the signal is aborted already", async () => {
    const { run, log, trace } = virtualRun();
    const result = await run(() =>
      moveOnAbort(AbortSignal.abort("before"), function* () {
        log("begun");
        yield* checkpoint();
        log("went on");
      }),
    );
    expect(result.cancelledCaught).toBe(true);
    expect(trace.messages).toEqual(["begun"]);
  });

  test("is not what caught where a scope further out is cancelled too", async () => {
    const { run } = virtualRun();
    const controller = new AbortController();
    const outer = new CancelScope();
    let inner: unknown = "passed by";
    await run(() =>
      outer.run(function* () {
        inner = yield* moveOnAbort(controller.signal, function* () {
          outer.cancel();
          controller.abort();
          yield* checkpoint();
        });
      }),
    );
    expect(outer.cancelledCaught).toBe(true);
    expect(inner).toBe("passed by");
  });

  test("may be run once, and hears of an abort that comes before that", async () => {
    const { run } = virtualRun();
    const controller = new AbortController();
    const block = moveOnAbort(controller.signal, () => checkpoint());
    controller.abort();
    expect((await run(() => block)).cancelledCaught).toBe(true);
    expect(() => run(() => block)).toThrow(BlockReusedError);
  });

  test.each([undefined, {}, new AbortController()])(
    "refuses at the call what is no signal: %s",
    (value) => {
      expect(() => moveOnAbort(value as AbortSignal, () => checkpoint())).toThrow(ArgumentError);
      expect(() => moveOnAbort(value as AbortSignal, () => checkpoint())).toThrow(
        /^Cannot move on when a signal is aborted with /,
      );
    },
  );
});

describe("a thousand blocks on one signal", () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  beforeEach(() => {
    warnings.length = 0;
    process.on("warning", note);
  });
  afterEach(() => void process.off("warning", note));

  test("have one listener, end with it, and make no warning of a leak", async () => {
    const { run } = virtualRun();
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const reasons: unknown[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        const waits = function* (): Operation<void> {
          yield* moveOnAbort(controller.signal, function* () {
            try {
              yield* sleepForever();
            } catch (error) {
              if (isCancelled(error)) reasons.push(error.cause.reason);
              throw error;
            }
          });
        };
        for (let i = 0; i < 1000; i++) nursery.startSoon(waits);
        yield* sleep(1);
        expect(listeners).toEqual({ added: 1, removed: 0 });
        controller.abort("all of you");
      }),
    );
    await new Promise((resolve) => void setImmediate(resolve));
    expect(reasons).toEqual(Array.from({ length: 1000 }, () => "all of you"));
    expect(listeners).toEqual({ added: 1, removed: 1 });
    expect(warnings).toEqual([]);
  });
});
