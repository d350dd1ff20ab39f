import { VirtualHost } from "@trestle/testing";
import { afterAll, expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { Future } from "../src/future.js";
import { InvalidStateError } from "../src/invalid-state-error.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { messages, thrownBy } from "./on-virtual-time.js";

const loop = new EventLoop({ host: new VirtualHost() });
loop.setExceptionHandler(() => {});
afterAll(() => loop.close());

test("a pending future has neither a result nor an exception", () => {
  const future = new Future<number>({ loop, description: "the reply" });
  expect([future.done(), future.cancelled()]).toEqual([false, false]);
  expect(() => future.result()).toThrow(InvalidStateError);
  expect(() => future.result()).toThrow("Cannot get the result of the reply: it is pending.");
  expect(() => future.exception()).toThrow("Cannot get the exception of the reply: it is pending.");
});

test("one that succeeded has its value", () => {
  const future = new Future<number>({ loop });
  future.setResult(42);
  expect([future.done(), future.cancelled(), future.result(), future.exception()]).toEqual([
    true,
    false,
    42,
    undefined,
  ]);
});

test("one that failed has its error, whatever was thrown", () => {
  for (const error of [new Error("no"), "a text", undefined, null, 0]) {
    const future = new Future<number>({ loop });
    future.setException(error);
    expect([future.done(), future.cancelled(), future.exception()]).toEqual([true, false, error]);
    expect(thrownBy(() => future.result())).toBe(error);
  }
});

test("one that was cancelled throws a CancelledError with the message", () => {
  const future = new Future<number>({ loop });
  expect([future.cancel("enough"), future.cancel("again")]).toEqual([true, false]);
  expect([future.done(), future.cancelled()]).toEqual([true, true]);
  expect(thrownBy(() => future.result())).toBeInstanceOf(CancelledError);
  expect(thrownBy(() => future.exception())).toMatchObject({ message: "enough" });
});

test("what is done stays as it is", () => {
  const ends: ((future: Future<number>) => unknown)[] = [
    (future) => future.setResult(1),
    (future) => future.setException(new Error("no")),
    (future) => future.cancel(),
  ];
  for (const end of ends) {
    const future = new Future<number>({ loop });
    end(future);
    expect(() => future.setResult(2)).toThrow(InvalidStateError);
    expect(() => future.setException(new Error("late"))).toThrow(InvalidStateError);
    expect(future.cancel()).toBe(false);
  }
});

test("belongs to the running loop unless one is given", async () => {
  expect(() => new Future()).toThrow(NoLoopError);
  expect(new Future({ loop }).loop).toBe(loop);
  await messages(async ({ loop }) => {
    expect(new Future().loop).toBe(loop);
  });
});

test("an await goes on one iteration after the future is done, and at once where it is done", async () => {
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<string>();
    const waiting = createTask(async () => {
      log(`woke with ${await future}`);
      loop.callSoon(log, "next iteration");
      await future;
      log("went on at once");
    });
    await sleep(0);
    future.setResult("value");
    loop.callSoon(log, "queued after the result");
    log("set");
    await waiting;
  });
  expect(log).toEqual([
    "set",
    "woke with value",
    "went on at once",
    "queued after the result",
    "next iteration",
  ]);
});

test("an await of a failed or cancelled future throws what it has", async () => {
  await messages(async ({ loop }) => {
    const error = new Error("no");
    const failed = loop.createFuture();
    const cancelled = loop.createFuture();
    loop.callSoon(() => failed.setException(error));
    loop.callSoon(() => cancelled.cancel("enough"));
    await expect(Promise.resolve(failed)).rejects.toBe(error);
    await expect(Promise.resolve(cancelled)).rejects.toMatchObject({ message: "enough" });
  });
});

test("then, catch and finally work as those of a promise, outside of tasks too", async () => {
  const running = loop.runForever();
  const good = loop.createFuture<number>();
  const bad = loop.createFuture<number>();
  const chain = Promise.all([
    good.then((value) => value + 1),
    bad.catch((error: unknown) => `caught ${String(error)}`),
    good.finally(() => {}),
    bad.then(undefined, () => "second handler"),
  ]);
  good.setResult(41);
  bad.setException("no");
  expect(await chain).toEqual([42, "caught no", 41, "second handler"]);
  await expect(bad.finally(() => {})).rejects.toBe("no");
  loop.stop();
  await running;
});

test("a subclass may stay pending after its cancel, and end in any way", async () => {
  const log = await messages(async ({ log, loop }) => {
    class Patient extends Future<string> {
      override cancel(message?: string): boolean {
        if (this.done()) return false;
        log(`asked: ${message}`);
        return true;
      }
    }
    const patient = new Patient({ loop });
    const task = createTask(async () => {
      log(await patient);
      await sleep(0);
      log("not cancelled any more");
    });
    await sleep(1);
    log(String(task.cancel("stop")));
    await sleep(1);
    log(String(patient.done()));
    patient.setResult("finished nevertheless");
    await task;
    log(`cancelling ${task.cancelling()}`);
  });
  expect(log).toEqual([
    "asked: stop",
    "true",
    "false",
    "finished nevertheless",
    "not cancelled any more",
    "cancelling 1",
  ]);
});

test("says what it stands for", () => {
  expect(new Future({ loop }).describe()).toBe("a future");
  expect(new Future({ loop, description: "the reply" }).describe()).toBe("the reply");
  expect(Object.prototype.toString.call(new Future({ loop }))).toBe("[object Future]");
});
