// Whoever uses one flavor's words in the other's code, or where there is neither, is told there and then which wrapper is meant,
// and goes on.
import { TrestleError, WrongFlavorError } from "@trestle/host";
import {
  createTask,
  Future,
  gather,
  getRunningLoop,
  run as runLoop,
  sleep as loopSleep,
  taskGroup,
  timeout,
} from "@trestle/loop";
import {
  abortable,
  CancelScope,
  checkpoint,
  currentTask,
  Event,
  failAfter,
  fromPromise,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  run as runAlone,
  sleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  allowLoop,
  asLoop,
  asStructured,
  awaitFuture,
  openLoop,
  run,
  runAsync,
  runInLoop,
  runStructured,
  runStructuredTask,
  type StructuredEventLoop,
} from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualBridge } from "../virtual-bridge.js";

const body = (): Operation<void> => checkpoint();
const load = async (): Promise<void> => {};
const promise = Promise.resolve();

describe("in loop code an operation is refused when it is awaited, and names asLoop (trio-asyncio 7, defect 6)", () => {
  test.each<[string, () => unknown]>([
    ["sleep", () => sleep(1)],
    ["checkpoint", () => checkpoint()],
    ["sleepForever", () => sleepForever()],
    ["openNursery", () => openNursery(body)],
    ["a cancel scope", () => new CancelScope().run(body)],
    ["moveOnAfter", () => moveOnAfter(1, body)],
    ["failAfter", () => failAfter(1, body)],
    ["an event", () => new Event().wait()],
    ["a channel", () => openMemoryChannel<number>(0)[1].receive()],
    ["fromPromise", () => fromPromise(promise)],
    ["abortable", () => abortable(load)],
    ["openLoop", () => openLoop(body)],
    ["asStructured of a function", () => asStructured(load)()],
    ["asStructured of a promise", () => asStructured(promise)],
    ["awaitFuture", () => awaitFuture(getRunningLoop().createFuture())],
    ["runAsync", () => runAsync(load)],
    ["allowLoop", () => allowLoop(body)],
  ])("%s", async (_name, make) => {
    const { run, host } = virtualBridge();
    await run(() =>
      runAsync(async () => {
        const error = await rejectionOf(make() as Promise<unknown>);
        expect(error).toMatchObject({ code: "TRESTLE_WRONG_FLAVOR" });
        expect((error as Error).message).toContain("'asLoop'");
        await loopSleep(1);
      }),
    );
    expect(host.now()).toBe(1);
  });
});

describe("in loop code what needs a structured task names asLoop", () => {
  test.each<[string, () => unknown]>([
    ["currentTask", () => currentTask()],
    [
      "a scope that is entered by hand",
      () => new CancelScope().run(body)[Symbol.iterator]().next(),
    ],
    ["a nursery that is opened by hand", () => openNursery(body)[Symbol.iterator]().next()],
    ["a loop that is opened by hand", () => openLoop(body)[Symbol.iterator]().next()],
  ])("%s", async (_name, use) => {
    const { run } = virtualBridge();
    await run(() =>
      runAsync(async () => {
        expect(use).toThrow(TrestleError);
        expect(use).toThrow("'asLoop' of @trestle/bridge");
        await loopSleep(1);
      }),
    );
  });
});

describe("in structured code what needs a loop or a task of one names asStructured", () => {
  const uses: readonly [string, () => unknown][] = [
    ["getRunningLoop", () => getRunningLoop()],
    ["createTask", () => createTask(load)],
    ["a Future", () => new Future()],
    ["sleep", () => loopSleep(1)],
    ["gather", () => gather([load])],
    ["timeout", () => timeout(1, load)],
    ["a task group", () => taskGroup(async () => {})],
    ["runInLoop", () => runInLoop(body)],
  ];

  test.each(uses)("%s", async (_name, use) => {
    const { run, host } = virtualBridge();
    await run(function* () {
      const error = yield* outcomeOf(use);
      expect(error).toBeInstanceOf(TrestleError);
      expect((error as Error).message).toMatch(/'asStructured'|this is structured code/);
      yield* sleep(1);
    });
    expect(host.now()).toBe(1);
  });

  test.each(uses.filter(([name]) => name === "timeout" || name === "a task group"))(
    "%s, where loop code has called",
    async (_name, use) => {
      const { run } = virtualBridge();
      await run(() =>
        runAsync(() =>
          runStructured(function* () {
            const error = yield* outcomeOf(use);
            expect(error).toMatchObject({ code: "TRESTLE_NO_TASK" });
            expect((error as Error).message).toContain("'asStructured'");
          }),
        ),
      );
    },
  );
});

describe("where no loop is open every call across says how to open one (trio-asyncio 7, defect 10)", () => {
  const crossings: readonly [string, () => Operation<unknown>][] = [
    ["asStructured", () => asStructured(load)()],
    ["runAsync", () => runAsync(load)],
    ["allowLoop", () => allowLoop(body)],
    ["asLoop", () => awaitFuture(asLoop(body)())],
    ["runStructured", () => awaitFuture(runStructured(body))],
    [
      "runStructuredTask",
      function* () {
        runStructuredTask(body);
      },
    ],
  ];

  test.each(crossings)("%s, in structured code", async (_name, cross) => {
    const error = await rejectionOf(
      runAlone(
        function* () {
          yield* cross();
        },
        { host: new VirtualHost() },
      ),
    );
    expect(error).toMatchObject({ code: "TRESTLE_NO_HOSTED_LOOP" });
    expect((error as Error).message).toContain("'yield* openLoop(");
  });

  test("also in the code of a loop that is not the bridge's, with the way in", async () => {
    await runLoop(
      async () => {
        for (const cross of [
          asLoop(body),
          () => runStructured(body),
          () => runStructuredTask(body),
        ])
          expect(cross).toThrow("'runInLoop'");
      },
      { host: new VirtualHost() },
    );
  });
});

/** What a call throws, or what the promise that it gives rejects with. */
function* outcomeOf(use: () => unknown): Operation<unknown> {
  try {
    return yield* fromPromise(rejectionOf(use() as Promise<unknown>));
  } catch (error) {
    return error;
  }
}

describe("a function that is missing is named as what is wrong, whoever was to call it", () => {
  const none = undefined as never;
  const inMain: [string, (loop: StructuredEventLoop) => Operation<unknown>][] = [
    ["runAsync", () => runAsync(none)],
    ["runAsync of the loop", (loop) => loop.runAsync(none)],
    ["structuredAsFuture", (loop) => awaitFuture(loop.structuredAsFuture(none))],
    ["runStructured", () => awaitFuture(runStructured(none))],
    ["allowLoop", () => allowLoop(none)],
    ["openLoop", () => openLoop(none)],
  ];
  test.each(inMain)("%s", async (_name, call) => {
    const error = await rejectionOf(virtualBridge().run((loop) => call(loop)));
    expect(error).toBeInstanceOf(WrongFlavorError);
    expect((error as Error).message).toMatch(/^Cannot .* undefined.*: .* is wanted\.\n/);
  });

  test("run", async () => {
    await expect(run(none, { host: new VirtualHost() })).rejects.toThrow(WrongFlavorError);
  });

  test("runStructuredTask, by the loop's exception handler", async () => {
    const errors: unknown[] = [];
    await virtualBridge().run(function* (loop) {
      loop.setExceptionHandler((_loop, { exception }) => errors.push(exception));
      loop.runStructuredTask(none);
      runStructuredTask(none);
    });
    expect(errors).toEqual([expect.any(WrongFlavorError), expect.any(WrongFlavorError)]);
  });
});
