import { ExceptionGroup } from "@trestle/host";
import {
  CancelledError,
  createTask,
  currentTask,
  EventLoop,
  LoopStoppedError,
  sleep,
  type Future,
  type Task,
} from "@trestle/loop";
import {
  type Cancelled,
  CancelScope,
  checkpoint,
  fromPromise,
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
import { asLoop, asStructured, awaitFuture } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

const nap = asStructured((ms: number) => sleep(ms));

/** What an operation throws. */
function* thrownBy(operation: Operation<unknown>): Operation<unknown> {
  try {
    yield* operation;
  } catch (error) {
    return error;
  }
  throw new Error("Expected an error.");
}

describe("a cancelled scope around a call of loop code", () => {
  test("cancels the task once, and waits until it has ended (trio-asyncio 2.4)", async () => {
    const { run, log, trace } = virtualBridge();
    const work = asStructured(async () => {
      try {
        await sleep(100);
      } catch (error) {
        log((error as Error).name);
        await sleep(20);
        log(`cleaned up, asked ${currentTask()?.cancelling()} time`);
        throw error;
      }
    });
    await run(function* () {
      const result = yield* moveOnAfter(10, () => work());
      log(`caught ${result.cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [10, "CancelledError"],
      [30, "cleaned up, asked 1 time"],
      [30, "caught true"],
    ]);
  });

  test("goes on as the Cancelled that the scope gave", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      const scope = new CancelScope({ name: "of the test" });
      yield* scope.run(function* () {
        scope.cancel("enough");
        const error = yield* thrownBy(nap(100));
        expect(isCancelled(error)).toBe(true);
        const { kind, reason, scope: catcher } = (error as Cancelled).cause;
        expect([kind, reason, catcher]).toEqual(["explicit", "enough", scope]);
        throw error;
      });
      expect(scope.cancelledCaught).toBe(true);
    });
  });

  test("tells the task why", async () => {
    const { run, log, trace } = virtualBridge();
    const work = asStructured(async () => {
      try {
        await sleep(100);
      } catch (error) {
        log((error as Error).message);
        throw error;
      }
    });
    await run(() =>
      openNursery(function* (nursery) {
        const scope = new CancelScope();
        nursery.startSoon(() => scope.run(() => work()));
        yield* structuredSleep(10);
        scope.cancel("enough");
      }),
    );
    expect(trace.messages).toEqual([expect.stringContaining("enough")]);
  });

  test("aborts the signal of the task", async () => {
    const { run, log, trace } = virtualBridge();
    const work = asStructured(async () => {
      const { signal } = currentTask() as Task<unknown>;
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          log("aborted");
          reject(signal.reason as Error);
        });
      });
    });
    await run(function* (loop) {
      const scope = new CancelScope();
      loop.callSoon(() => loop.callSoon(() => scope.cancel()));
      const { cancelledCaught } = yield* scope.run(() => work());
      log(`caught ${cancelledCaught}`);
    });
    expect(trace.messages).toEqual(["aborted", "caught true"]);
  });

  test("lets a value win: the cancellation is not used up (trio-asyncio 2.4)", async () => {
    const { run, log, trace } = virtualBridge();
    const stubborn = asStructured(async () => {
      try {
        await sleep(100);
      } catch {
        return "a value all the same";
      }
      return "not cancelled";
    });
    await run(function* () {
      const scope = new CancelScope({ relativeDeadline: 10 });
      const result = yield* scope.run(() => stubborn());
      log(`${result.value}, called ${scope.cancelCalled}, caught ${result.cancelledCaught}`);
      const next = yield* moveOnAfter(10, function* () {
        log(yield* stubborn());
        yield* checkpoint();
      });
      log(`caught ${next.cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [10, "a value all the same, called true, caught false"],
      [20, "a value all the same"],
      [20, "caught true"],
    ]);
  });

  test("lets an error win, the very object (trio-asyncio 2.4)", async () => {
    const { run } = virtualBridge();
    const error = new Error("of the cleanup");
    const broken = asStructured(async () => {
      try {
        await sleep(100);
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
        throw error;
      }
    });
    await expect(rejectionOf(run(() => moveOnAfter(10, () => broken())))).resolves.toBe(error);
  });

  test("asks once only, however long the task takes and however many scopes are cancelled (trio-asyncio 2.4)", async () => {
    const { run, log, trace } = virtualBridge();
    const stubborn = asStructured(async () => {
      let errors = 0;
      for (let i = 0; i < 5; i++) {
        try {
          await sleep(10);
        } catch {
          errors++;
        }
      }
      log(`${errors} error, asked ${currentTask()?.cancelling()} time`);
    });
    await run(function* () {
      yield* moveOnAfter(15, () => moveOnAfter(5, () => moveOnAfter(25, () => stubborn())));
      log("out");
    });
    expect(trace.entries).toEqual([
      [45, "1 error, asked 1 time"],
      [45, "out"],
    ]);
  });

  test("does not start a function whose scope was cancelled before (trio-asyncio 2.5)", async () => {
    const { run, log, trace } = virtualBridge();
    const work = asStructured(async () => log("started"));
    await run(function* () {
      const scope = new CancelScope();
      scope.cancel();
      const { cancelledCaught } = yield* scope.run(() => work());
      log(`caught ${cancelledCaught}`);
    });
    expect(trace.messages).toEqual(["caught true"]);
  });

  test("is kept off by a shield, which has its own deadline", async () => {
    const { run, host } = virtualBridge();
    await run(() =>
      moveOnAfter(5, function* () {
        const result = yield* new CancelScope({ shield: true, relativeDeadline: 20 }).run(() =>
          nap(100),
        );
        expect(result.cancelledCaught).toBe(true);
        expect(host.now()).toBe(20);
      }),
    );
  });
});

describe("a cancelled scope around the wait for a Future", () => {
  test("cancels the Future", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const reply = loop.createFuture<void>();
      const { cancelledCaught } = yield* moveOnAfter(10, () => awaitFuture(reply));
      log(`caught ${cancelledCaught}, cancelled ${reply.cancelled()}`);
    });
    expect(trace.entries).toEqual([[10, "caught true, cancelled true"]]);
  });

  test("lets what a done Future has win (trio-asyncio 2.4)", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("no reply");
    await run(function* (loop) {
      const succeeded = loop.createFuture<string>();
      succeeded.setResult("hello");
      const failed = loop.createFuture<string>();
      failed.setException(error);
      const scope = new CancelScope();
      scope.cancel();
      const result = yield* scope.run(function* () {
        expect(yield* thrownBy(awaitFuture(failed))).toBe(error);
        return yield* awaitFuture(succeeded);
      });
      log(`${result.value}, caught ${result.cancelledCaught}`);
    });
    expect(trace.messages).toEqual(["hello, caught false"]);
  });

  test("is Cancelled for a Future that was cancelled before (trio-asyncio 2.4)", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const reply = loop.createFuture<void>();
      reply.cancel();
      const scope = new CancelScope();
      scope.cancel();
      const { cancelledCaught } = yield* scope.run(() => awaitFuture(reply));
      expect(cancelledCaught).toBe(true);
    });
  });

  test("is Cancelled where others cancel the task at the same time (trio-asyncio 2.4)", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const task = loop.createTask(async () => {
        try {
          await sleep(100);
        } finally {
          await sleep(10);
        }
      });
      loop.callLater(5, () => task.cancel("by others"));
      const { cancelledCaught } = yield* moveOnAfter(10, () => awaitFuture(task));
      expect(cancelledCaught).toBe(true);
    });
  });

  test("kills a Future that others wait for too: they get CancelledError (trio-asyncio 2.4)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const reply = loop.createFuture<void>();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          const { cancelledCaught } = yield* moveOnAfter(10, () => awaitFuture(reply));
          log(`one: caught ${cancelledCaught}`);
        });
        nursery.startSoon(function* () {
          const error = yield* thrownBy(awaitFuture(reply));
          log(`other: ${(error as Error).name}, ${isCancelled(error)}`);
        });
      });
    });
    expect(trace.entries).toEqual([
      [10, "one: caught true"],
      [10, "other: CancelledError, false"],
    ]);
  });
});

describe("a Future that others cancel", () => {
  test("throws an ordinary error with their message, which no scope catches (trio-asyncio 2.4)", async () => {
    const { run } = virtualBridge();
    const error = await rejectionOf(
      run(function* (loop) {
        const task = loop.createTask(() => sleep(100));
        loop.callLater(5, () => task.cancel("by others"));
        yield* moveOnAfter(50, () => awaitFuture(task));
      }),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect((error as CancelledError).message).toBe("by others");
  });

  test("fails a nursery like any other error", async () => {
    const { run } = virtualBridge();
    const error = await rejectionOf(
      run((loop) =>
        openNursery(function* (nursery) {
          const reply = loop.createFuture<void>();
          nursery.startSoon(() => awaitFuture(reply));
          nursery.startSoon(sleepForever);
          loop.callLater(5, () => reply.cancel());
        }),
      ),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual([expect.any(CancelledError)]);
  });
});

describe("a loop that stands still", () => {
  test("fails a call that comes then (trio-asyncio 7, 4)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.stop();
      yield* structuredSleep(1);
      const reply = loop.createFuture<void>("the reply");
      for (const call of [nap(1), awaitFuture(reply)]) {
        const error = yield* thrownBy(call);
        expect(error).toBeInstanceOf(LoopStoppedError);
        log((error as Error).message.split("\n")[0] as string);
      }
      expect(reply.done()).toBe(false);
    });
    expect(trace.entries).toEqual([
      [1, expect.stringMatching(/^Cannot wait for task '.*': the event loop was stopped/)],
      [1, "Cannot wait for the reply: the event loop was stopped before it was done."],
    ]);
  });

  test("still gives what a Future has", async () => {
    const { run } = virtualBridge();
    await run(function* (loop) {
      const reply = loop.createFuture<string>();
      loop.stop();
      yield* structuredSleep(1);
      reply.setResult("hello");
      expect(yield* awaitFuture(reply)).toBe("hello");
    });
  });

  test("cannot keep a call waiting that was there before and is cancelled (trio-asyncio 7, 4)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.callLater(5, () => loop.stop());
      const { cancelledCaught } = yield* moveOnAfter(10, () => nap(1000));
      log(`caught ${cancelledCaught}`);
    });
    expect(trace.entries).toEqual([[10, "caught true"]]);
  });

  test("nor one that was cancelled before the stop and is not over by then", async () => {
    const { run, log, trace } = virtualBridge();
    const slow = async (): Promise<void> => {
      try {
        await sleep(1000);
      } finally {
        log("unwinds");
        await sleep(50);
      }
    };
    await run(function* (loop) {
      loop.callLater(20, () => loop.stop());
      const { cancelledCaught } = yield* moveOnAfter(10, () => loop.runAsync(slow));
      log(`caught ${cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [10, "unwinds"],
      [20, "caught true"],
    ]);
  });

  test("nor one that is cancelled when the stop is on its way; it gives what the Future has by then", async () => {
    const works = [async () => {}, () => sleep(50)];
    const values = works.map((work) => {
      const call = async (): Promise<string> => {
        await sleep(1000).catch(work);
        return "done";
      };
      return virtualBridge().run(function* (loop) {
        const scope = new CancelScope();
        return yield* openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            yield* structuredSleep(10);
            loop.stop();
            scope.cancel();
          });
          const { value } = yield* scope.run(() => loop.runAsync(call));
          return value;
        });
      });
    });
    expect(await Promise.all(values)).toEqual(["done", undefined]);
  });

  test("says nothing later of what it was asked to cancel", async () => {
    const host = new VirtualHost();
    const loop = new EventLoop({ host });
    await runStructured(
      function* () {
        const reply = loop.createFuture<void>();
        const { cancelledCaught } = yield* moveOnAfter(10, () => awaitFuture(reply));
        expect(cancelledCaught).toBe(true);
        const running = loop.runForever();
        yield* structuredSleep(10);
        loop.stop();
        yield* fromPromise(running);
      },
      { host },
    );
    await loop.close();
  });
});

describe("cancelling the Future of a structured call", () => {
  const tidy = asLoop(function* tidy(log: (message: string) => void) {
    try {
      yield* structuredSleep(100);
    } finally {
      yield* new CancelScope({ shield: true }).run(() => structuredSleep(20));
      log("tidied");
    }
  });

  test("cancels the task, and the Future stays pending until it has ended (trio-asyncio 2.11)", async () => {
    const { run, log, trace } = virtualBridge();
    const work = asStructured(async () => {
      const future = tidy(log);
      await sleep(10);
      log(`cancel ${future.cancel()}, done ${future.done()}, cancelled ${future.cancelled()}`);
      await expect(future).rejects.toBeInstanceOf(CancelledError);
      log(`done ${future.done()}, cancelled ${future.cancelled()}, cancel ${future.cancel()}`);
    });
    await run(() => work());
    expect(trace.entries).toEqual([
      [10, "cancel true, done false, cancelled false"],
      [30, "tidied"],
      [30, "done true, cancelled true, cancel false"],
    ]);
  });

  test("keeps the message that was given first (trio-asyncio 2.11)", async () => {
    const { run } = virtualBridge();
    const work = asStructured(async () => {
      const future = tidy(() => {});
      await sleep(10);
      expect(future.cancel("first")).toBe(true);
      expect(future.cancel("second")).toBe(true);
      await expect(future).rejects.toThrow(/^first$/);
    });
    await run(() => work());
  });

  test("is seen in the task as a Cancelled with the message as its reason", async () => {
    const { run } = virtualBridge();
    const look = asLoop(function* () {
      const error = yield* thrownBy(sleepForever());
      expect(isCancelled(error)).toBe(true);
      const { kind, reason } = (error as Cancelled).cause;
      expect([kind, reason]).toEqual(["explicit", "enough"]);
      throw error;
    });
    const work = asStructured(async () => {
      const future = look();
      await sleep(10);
      future.cancel("enough");
      await expect(future).rejects.toThrow(/^enough$/);
    });
    await run(() => work());
  });

  test("lets a value win (trio-asyncio 2.11)", async () => {
    const { run, log, trace } = virtualBridge();
    const shielded = asLoop(function* () {
      yield* new CancelScope({ shield: true }).run(() => structuredSleep(20));
      return "a value all the same";
    });
    const work = asStructured(async () => {
      const future = shielded();
      await sleep(10);
      future.cancel();
      log(await future);
    });
    await run(() => work());
    expect(trace.entries).toEqual([[20, "a value all the same"]]);
  });

  test("lets an error win, and groups hold no Cancelled (trio-asyncio 2.11)", async () => {
    const { run } = virtualBridge();
    const error = new Error("of the cleanup");
    const broken = asLoop(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(sleepForever);
        try {
          yield* sleepForever();
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
          throw error;
        }
      }),
    );
    const work = asStructured(async () => {
      const future = broken();
      await sleep(10);
      future.cancel();
      return rejectionOf(Promise.resolve(future));
    });
    const caught = await run(() => work());
    expect(caught).toBeInstanceOf(ExceptionGroup);
    expect((caught as ExceptionGroup).errors).toEqual([error]);
  });

  test("before the call was taken from the queue never starts the task (trio-asyncio 2.11)", async () => {
    const { run, log, trace } = virtualBridge();
    const work = asLoop(function* () {
      log("started");
    });
    await run(function* () {
      const future = work();
      log(`cancel ${future.cancel("early")}, cancelled ${future.cancelled()}`);
      const error = yield* thrownBy(awaitFuture(future));
      log(`${(error as Error).name}: ${(error as Error).message}`);
    });
    expect(trace.messages).toEqual(["cancel true, cancelled true", "CancelledError: early"]);
  });

  test("between the queue and the first step never starts the task either", async () => {
    const { run, log, trace } = virtualBridge();
    const work = asLoop(function* () {
      log("started");
    });
    await run(function* () {
      const future = work();
      // The loop takes the call from its queue in this round; the task is the next in the run's.
      yield* checkpoint();
      future.cancel();
      yield* structuredSleep(1);
      log(`cancelled ${future.cancelled()}`);
    });
    expect(trace.messages).toEqual(["cancelled true"]);
  });

  test("does nothing when it is done (trio-asyncio 2.11)", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      const future = asLoop(function* () {
        return "done";
      })();
      yield* awaitFuture(future);
      expect(future.cancel()).toBe(false);
      expect(future.result()).toBe("done");
    });
  });

  test("is no other thing than cancelling the task that awaits it", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const task = loop.createTask(async () => {
        try {
          await tidy(log);
        } catch (error) {
          log((error as Error).name);
          throw error;
        }
      });
      yield* structuredSleep(10);
      task.cancel();
      yield* thrownBy(awaitFuture(task));
      log(`cancelled ${task.cancelled()}`);
    });
    expect(trace.entries).toEqual([
      [30, "tidied"],
      [30, "CancelledError"],
      [30, "cancelled true"],
    ]);
  });

  test("is lost on the awaiting task where a value wins (trio-asyncio 2.11)", async () => {
    const { run, log, trace } = virtualBridge();
    const shielded = asLoop(function* () {
      yield* new CancelScope({ shield: true }).run(() => structuredSleep(20));
      return "a value all the same";
    });
    await run(function* (loop) {
      const task = loop.createTask(async () => {
        log(await shielded());
        await sleep(10);
        log(`went on, asked ${currentTask()?.cancelling()} time`);
      });
      yield* structuredSleep(10);
      task.cancel();
      yield* awaitFuture(task);
    });
    expect(trace.entries).toEqual([
      [20, "a value all the same"],
      [30, "went on, asked 1 time"],
    ]);
  });
});

describe("a structured call", () => {
  test("that ends by a scope of its own is not cancelled (trio-asyncio 2.10)", async () => {
    const { run } = virtualBridge();
    const bounded = asLoop(() => moveOnAfter(10, () => sleepForever()));
    const result = await run(asStructured(async () => bounded()));
    expect(result).toEqual({ cancelledCaught: true, value: undefined });
  });

  test("that cancels its own Future in its last step ends as it ends", async () => {
    const { run } = virtualBridge();
    let future: Future<string> | undefined;
    const selfCancelling = asLoop(function* () {
      yield* checkpoint();
      future?.cancel();
      return "a value all the same";
    });
    const work = asStructured(async () => {
      future = selfCancelling();
      return future;
    });
    await expect(run(() => work())).resolves.toBe("a value all the same");
  });

  test("may be awaited by several tasks, of which a cancelled one cancels it for all", async () => {
    const { run, log, trace } = virtualBridge();
    const forever = asLoop(() => sleepForever());
    const work = asStructured(async () => {
      const future = forever();
      const wait = async (name: string): Promise<void> => {
        try {
          await future;
        } catch (error) {
          log(`${name}: ${(error as Error).name}`);
        }
      };
      const tasks = [createTask(wait, "a"), createTask(wait, "b")];
      await sleep(10);
      tasks[0]?.cancel();
      await Promise.all(tasks);
    });
    await run(() => work());
    expect(trace.entries).toEqual([
      [10, "a: CancelledError"],
      [10, "b: CancelledError"],
    ]);
  });
});
