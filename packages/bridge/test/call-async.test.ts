import { currentTask, EventLoop, LoopClosedError, sleep, type Task } from "@trestle/loop";
import {
  fromPromise,
  moveOnAfter,
  run as runStructured,
  sleep as structuredSleep,
} from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { abandonedIn } from "../src/abandoned.js";
import { asStructured } from "../src/as-structured.js";
import { callAsync } from "../src/call-async.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

test("runs the function as a task of the given loop, hosted or not", async () => {
  const host = new VirtualHost();
  const loop = new EventLoop({ host });
  const value = await runStructured(
    function* () {
      const running = loop.runForever();
      const add = async (a: number, b: number): Promise<number> => {
        expect(currentTask()?.loop).toBe(loop);
        await sleep(10);
        return a + b;
      };
      const sum = yield* callAsync(() => loop, add, [1, 2]);
      loop.stop();
      yield* fromPromise(running);
      return sum;
    },
    { host },
  );
  expect(value).toBe(3);
  await loop.close();
});

test("asks for the loop when it is run, and in the task that runs it", async () => {
  const { run, log, trace } = virtualBridge();
  await run(function* (loop) {
    const call = callAsync(
      () => {
        log("asked");
        return loop;
      },
      async () => log("called"),
      [],
    );
    log("made");
    yield* call;
  });
  expect(trace.messages).toEqual(["made", "asked", "called"]);
});

test("throws at its place what the loop refuses", async () => {
  const { run } = virtualBridge();
  const closed = await run(function* (loop) {
    return loop;
  });
  await expect(
    rejectionOf(
      run(() =>
        callAsync(
          () => closed,
          async () => {},
          [],
        ),
      ),
    ),
  ).resolves.toBeInstanceOf(LoopClosedError);
});

test("cancels the task when its scope is cancelled", async () => {
  const { run } = virtualBridge();
  let task: Task<unknown> | undefined;
  await run(function* (loop) {
    const call = callAsync(
      () => loop,
      async () => {
        task = currentTask();
        await sleep(1000);
      },
      [],
    );
    yield* moveOnAfter(10, () => call);
  });
  expect(task?.cancelled()).toBe(true);
});

test("a call that lets go is cancelled at once, and its task is listed until it has ended", async () => {
  const { run, host } = virtualBridge();
  await run(function* (loop) {
    const call = asStructured(
      async function stubborn() {
        try {
          await sleep(100);
        } catch {
          await sleep(5);
        }
        throw new Error("nobody hears");
      },
      { onCancel: "abandon" },
    );
    const { cancelledCaught } = yield* moveOnAfter(10, call);
    expect([cancelledCaught, host.now()]).toEqual([true, 10]);
    expect(abandonedIn(loop).map((task) => task.describe())).toEqual(["task 'stubborn'"]);
    yield* structuredSleep(10);
    expect(abandonedIn(loop)).toEqual([]);
  });
});

test("a call that lets go gives what comes before a cancellation", async () => {
  const { run } = virtualBridge();
  await run(function* (loop) {
    const call = asStructured(async () => sleep(5, "value"), { onCancel: "abandon" });
    const { value } = yield* moveOnAfter(10, call);
    expect(value).toBe("value");
    expect(abandonedIn(loop)).toEqual([]);
  });
});
