import { ExceptionGroup, WrongFlavorError } from "@trestle/host";
import { LoopClosedError, sleep, type EventLoop, type Future } from "@trestle/loop";
import {
  CancelScope,
  checkpoint,
  currentTime,
  isCancelled,
  moveOnAfter,
  openNursery,
  run as runStructured,
  sleep as structuredSleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  asLoop,
  asStructured,
  awaitFuture,
  currentLoop,
  LoopFailure,
  openLoop,
} from "../src/index.js";
import { groupedErrorsOf, rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

const nap = asStructured((ms: number) => sleep(ms));

describe("the block", () => {
  test("gives its body a loop that runs, on the run's own time (trio-asyncio 2.1)", async () => {
    const host = new VirtualHost({ startAt: 1000 });
    await runStructured(
      () =>
        openLoop(function* (loop) {
          expect(loop.isRunning()).toBe(true);
          expect(loop.isClosed()).toBe(false);
          expect(loop.time()).toBe(1000);
          yield* structuredSleep(10);
          expect(loop.time()).toBe(currentTime());
        }),
      { host },
    );
  });

  test("gives the body's value (trio-asyncio 2.1)", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      expect(yield* openLoop(() => nap(1))).toBeUndefined();
      const value = yield* openLoop(function* () {
        yield* nap(1);
        return 42;
      });
      expect(value).toBe(42);
    });
  });

  test("leaves a loop behind that has stopped and closed", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      const loop = yield* openLoop(function* (inner) {
        return inner;
      });
      expect([loop.isRunning(), loop.isClosed()]).toEqual([false, true]);
      expect(() => loop.callSoon(() => {})).toThrow(LoopClosedError);
    });
  });

  test("takes no time, nor does an empty one wait for others", async () => {
    const { run, host } = virtualBridge();
    await run(function* () {
      for (let i = 0; i < 10; i++) yield* openLoop(function* () {});
    });
    expect(host.now()).toBe(0);
  });

  test("has its body called as it is, a plain function too", async () => {
    const { run } = virtualBridge();
    await run(() => openLoop(() => structuredSleep(1)));
  });
});

describe("several loops", () => {
  test("run side by side in parallel tasks, each in its own order (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    const work = function* (name: string, ms: number): Operation<void> {
      yield* openLoop(function* (loop) {
        expect(currentLoop()).toBe(loop);
        for (let i = 0; i < 2; i++) {
          yield* nap(ms);
          log(name);
        }
        expect(currentLoop()).toBe(loop);
      });
    };
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(work, "a", 20);
        nursery.startSoon(work, "b", 30);
      }),
    );
    expect(trace.entries).toEqual([
      [20, "a"],
      [30, "b"],
      [40, "a"],
      [60, "b"],
    ]);
  });

  test("may be nested, and the outer one goes on meanwhile (trio-asyncio 2.1)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (outer) {
      outer.callLater(10, log, "outer callback");
      yield* openLoop(function* (inner) {
        expect(inner).not.toBe(outer);
        inner.callLater(20, log, "inner callback");
        inner.callLater(1000, log, "never");
        yield* nap(30);
      });
      outer.callLater(10, log, "outer callback again");
      yield* nap(20);
    });
    expect(trace.entries).toEqual([
      [10, "outer callback"],
      [20, "inner callback"],
      [40, "outer callback again"],
    ]);
  });

  test("may be opened by a structured call of a loop's task", async () => {
    const { run, host } = virtualBridge();
    const inOwnLoop = asLoop(() =>
      openLoop(function* () {
        yield* nap(10);
        return "of the loop inside";
      }),
    );
    await expect(run(asStructured(async () => inOwnLoop()))).resolves.toBe("of the loop inside");
    expect(host.now()).toBe(10);
  });
});

describe("a cancellation from outside", () => {
  test("finds a body that starts all the same, where the scope was cancelled before (trio-asyncio 2.1)", async () => {
    const { log, trace, host } = virtualBridge();
    await runStructured(
      function* () {
        const scope = new CancelScope();
        scope.cancel();
        yield* scope.run(() =>
          openLoop(function* () {
            log("the body starts");
            yield* checkpoint();
            log("never");
          }),
        );
        log(`caught ${scope.cancelledCaught}`);
      },
      { host },
    );
    expect(trace.messages).toEqual(["the body starts", "caught true"]);
  });

  test("reaches the body only; what runs in the loop is cancelled when the body has ended (trio-asyncio 2.1)", async () => {
    const { log, trace, host } = virtualBridge();
    const structuredPart = asLoop(function* () {
      try {
        yield* structuredSleep(300);
      } catch (error) {
        log(`structured task ${isCancelled(error) ? "Cancelled" : String(error)}`);
        throw error;
      }
    });
    await runStructured(
      function* () {
        const result = yield* moveOnAfter(100, () =>
          openLoop(function* (loop) {
            void loop.createTask(async () => {
              try {
                await structuredPart();
              } catch (error) {
                log(`loop task ${(error as Error).name}`);
                throw error;
              }
            });
            yield* new CancelScope({ shield: true }).run(() => structuredSleep(200));
            log("body unshielded");
            try {
              yield* checkpoint();
            } catch (error) {
              log("body Cancelled");
              throw error;
            }
          }),
        );
        log(`caught ${result.cancelledCaught}`);
      },
      { host },
    );
    expect(trace.entries).toEqual([
      [200, "body unshielded"],
      [200, "body Cancelled"],
      [200, "structured task Cancelled"],
      [200, "loop task CancelledError"],
      [200, "caught true"],
    ]);
  });

  test("does not leave the block where the body never met it (trio-asyncio 2.1)", async () => {
    const { host } = virtualBridge();
    const result = await runStructured(
      () =>
        moveOnAfter(10, () =>
          openLoop(function* () {
            yield* new CancelScope({ shield: true }).run(() => structuredSleep(20));
            return "a value all the same";
          }),
        ),
      { host },
    );
    expect(result).toEqual({ cancelledCaught: false, value: "a value all the same" });
  });

  test("is replaced by an error that the body answers with (trio-asyncio 2.1)", async () => {
    const { host } = virtualBridge();
    const error = new Error("of the body");
    const caught = await rejectionOf(
      runStructured(
        () =>
          moveOnAfter(10, () =>
            openLoop(function* () {
              try {
                yield* sleepForever();
              } catch {
                throw error;
              }
            }),
          ),
        { host },
      ),
    );
    expect(caught).toBe(error);
  });
});

describe("errors", () => {
  test("of the body alone come out as they are (trio-asyncio 7, 17)", async () => {
    const { run } = virtualBridge();
    const error = new Error("of the body");
    const caught = await rejectionOf(
      run(() =>
        openLoop(function* () {
          yield* nap(1);
          throw error;
        }),
      ),
    );
    expect(caught).toBe(error);
  });

  test("of a nursery in the body come out in its group and no other", async () => {
    const { run } = virtualBridge();
    const error = new Error("of a child");
    const caught = await rejectionOf(
      run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* nap(1);
            throw error;
          });
          yield* sleepForever();
        }),
      ),
    );
    expect(caught).toBeInstanceOf(ExceptionGroup);
    expect((caught as ExceptionGroup).errors).toEqual([error]);
  });

  test("of a callback end the block: the body is cancelled, and they come out in a group (trio-asyncio 2.16)", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of a callback");
    const caught = await rejectionOf(
      run(function* (loop) {
        loop.callLater(10, () => {
          throw error;
        });
        try {
          yield* sleepForever();
        } catch (thrown) {
          log(isCancelled(thrown) ? "body Cancelled" : String(thrown));
          throw thrown;
        }
      }),
    );
    expect(trace.entries).toEqual([[10, "body Cancelled"]]);
    expect(caught).toBeInstanceOf(ExceptionGroup);
    expect((caught as ExceptionGroup).errors).toEqual([error]);
    expect((caught as ExceptionGroup).message).toBe("1 error in the block of openLoop");
  });

  test("of done-callbacks end the block as well (trio-asyncio 2.16)", async () => {
    const { run } = virtualBridge();
    const error = new Error("of a done-callback");
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        const reply = loop.createFuture<void>();
        reply.addDoneCallback(() => {
          throw error;
        });
        reply.setResult();
        yield* sleepForever();
      }),
    );
    expect(errors).toEqual([error]);
  });

  test("of body and background come out in one group, the body's first (trio-asyncio 2.1)", async () => {
    const { run } = virtualBridge();
    const ofBody = new Error("of the body");
    const [first, second] = [new Error("of a callback"), new Error("of another callback")];
    const caught = await rejectionOf(
      run(function* (loop) {
        for (const error of [first, second]) {
          loop.callSoon(() => {
            throw error;
          });
        }
        try {
          yield* sleepForever();
        } catch {
          throw ofBody;
        }
      }),
    );
    expect((caught as ExceptionGroup).errors).toEqual([ofBody, first, second]);
    expect((caught as ExceptionGroup).message).toBe("3 errors in the block of openLoop");
  });

  test("of the background hide no value of a body that was done in time", async () => {
    const { run } = virtualBridge();
    const error = new Error("of a callback");
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        loop.callSoon(() => {
          throw error;
        });
        return "a value";
      }),
    );
    expect(errors).toEqual([error]);
  });

  test("go to an exception handler that was set, which then has the say (trio-asyncio 2.15)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop: EventLoop) {
      loop.setExceptionHandler((_loop, context) =>
        log(`handler: ${(context.exception as Error).message}`),
      );
      loop.callSoon(() => {
        throw new Error("of a callback");
      });
      yield* nap(10);
      log("the body goes on");
    });
    expect(trace.entries).toEqual([
      [0, "handler: of a callback"],
      [10, "the body goes on"],
    ]);
  });

  test("that are only told in words end the block too", async () => {
    const { run } = virtualBridge();
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        loop.callExceptionHandler({ message: "The socket is gone" });
        yield* sleepForever();
      }),
    );
    expect(errors).toEqual([expect.any(LoopFailure)]);
    expect((errors[0] as LoopFailure).message).toBe("The socket is gone");
  });

  test("of a loop task that somebody waits for are theirs only", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const task = loop.createTask(async () => {
        throw new Error("of the task");
      });
      try {
        yield* awaitFuture(task);
      } catch (error) {
        expect((error as Error).message).toBe("of the task");
      }
    });
  });

  test("of a loop task that nobody waits for come out at the end of the block (trio-asyncio 7, 12)", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("nobody looks");
    const kept: Future<void>[] = [];
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        kept.push(
          loop.createTask(async () => {
            throw error;
          }),
        );
        yield* structuredSleep(10);
        log("the body goes on");
      }),
    );
    expect(errors).toEqual([error]);
    expect(trace.entries).toEqual([[10, "the body goes on"]]);
  });
});

describe("a task of an outer nursery that was started inside", () => {
  test("uses the loop as long as it is open (trio-asyncio 2.1)", async () => {
    const { log, trace, host } = virtualBridge();
    const error = await rejectionOf(
      runStructured(
        () =>
          openNursery(function* (nursery) {
            yield* openLoop(function* (loop) {
              nursery.startSoon(function* () {
                expect(currentLoop()).toBe(loop);
                yield* nap(5);
                log("called in time");
                yield* structuredSleep(10);
                yield* nap(5);
              });
              yield* structuredSleep(10);
            });
            log("the block has ended");
          }),
        { host },
      ),
    );
    expect(trace.entries).toEqual([
      [5, "called in time"],
      [10, "the block has ended"],
    ]);
    expect((error as ExceptionGroup).errors).toEqual([expect.any(LoopClosedError)]);
  });
});

describe("a body of the wrong flavor", () => {
  const refusal = async (body: unknown): Promise<string> => {
    const error = await rejectionOf(
      runStructured(() => openLoop(body as () => Operation<void>), { host: new VirtualHost() }),
    );
    expect(error).toBeInstanceOf(WrongFlavorError);
    return (error as Error).message;
  };

  test("is refused, with the right call", async () => {
    await expect(refusal(async function main() {})).resolves.toMatch(
      /^Cannot open a loop with main \(async function\): it belongs to the loop flavor\.\nWrap it: 'asStructured\(fn\)'/,
    );
    await expect(refusal(5)).resolves.toBe(
      "Cannot open a loop with 5 (number): a structured function is wanted.\n" +
        "Give a generator function: 'function* () { ... }'.",
    );
    await expect(refusal(() => Promise.resolve())).resolves.toMatch(/^Cannot open a loop with/);
    await expect(refusal(() => 5)).resolves.toMatch(/returned 5 \(number\), not an operation/);
  });
});
