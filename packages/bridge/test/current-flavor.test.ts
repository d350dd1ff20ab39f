import { EventEmitter } from "node:events";
import {
  createTask,
  currentTask,
  EventLoop,
  getRunningLoop,
  run as runLoop,
  sleep as loopSleep,
  until,
} from "@trestle/loop";
import {
  CancelScope,
  moveOnAfter,
  openNursery,
  run as runAlone,
  sleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  allowLoop,
  asLoop,
  asStructured,
  currentFlavor,
  openLoop,
  runAsync,
  runInLoop,
  runStructured,
} from "../src/index.js";
import { virtualBridge } from "./virtual-bridge.js";

describe("the flavor in structured code", () => {
  test("is structured: in main, children, scopes, and behind each wait", async () => {
    await runAlone(
      function* () {
        expect(currentFlavor()).toBe("structured");
        yield* openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            expect(currentFlavor()).toBe("structured");
            yield* sleep(1);
            expect(currentFlavor()).toBe("structured");
          });
        });
      },
      { host: new VirtualHost() },
    );
  });

  test("is structured in an abort function, whoever cancels", async () => {
    const { run, log, trace } = virtualBridge();
    const waitForNothing = (): Operation<void> =>
      suspend<void>(
        () => () => {
          log(String(currentFlavor()));
          return "withdrawn";
        },
        "nothing",
      );
    await run(function* (loop) {
      yield* moveOnAfter(5, waitForNothing);
      const scope = new CancelScope();
      loop.callLater(5, () => {
        scope.cancel();
        log(`callback: ${currentFlavor()}`);
      });
      yield* scope.run(waitForNothing);
      const future = loop.structuredAsFuture(waitForNothing);
      yield* sleep(1);
      yield* runAsync(async () => {
        future.cancel();
        log(`task: ${currentFlavor()}`);
      });
    });
    expect(trace.messages).toEqual([
      "structured",
      "structured",
      "callback: loop",
      "structured",
      "task: loop",
    ]);
  });
});

describe("the flavor in loop code", () => {
  test("is loop: in tasks, callbacks, timers, done-callbacks, and behind each await", async () => {
    await runLoop(
      async () => {
        const loop = getRunningLoop();
        const seen: unknown[] = [];
        const look = (): void => void seen.push(currentFlavor());
        look();
        await loopSleep(1);
        look();
        await Promise.resolve();
        look();
        loop.callSoon(look);
        loop.callLater(1, look);
        const child = createTask(async () => look());
        child.addDoneCallback(look);
        await loopSleep(5);
        expect(seen).toEqual(Array(7).fill("loop"));
      },
      { host: new VirtualHost() },
    );
  });

  test("is loop in what a cancelled scope sets off over there", async () => {
    const { run, log, trace } = virtualBridge();
    const look = (where: string): void =>
      log(`${where}: ${currentFlavor()} ${currentTask() === undefined}`);
    await run(function* () {
      yield* moveOnAfter(5, () =>
        runAsync(async () => {
          currentTask()?.signal.addEventListener("abort", () => look("signal"));
          try {
            await until(
              () => () => {
                look("abort of a wait");
                return "withdrawn";
              },
              "nothing",
            );
          } finally {
            look("unwinding");
          }
        }),
      );
      expect(currentFlavor()).toBe("structured");
    });
    expect(trace.messages).toEqual([
      "abort of a wait: loop true",
      "signal: loop true",
      "unwinding: loop false",
    ]);
  });
});

describe("the flavor at a crossing", () => {
  test("changes with each, there and back, however deep (trio-asyncio 2.23)", async () => {
    const { run } = virtualBridge();
    const seen: unknown[] = [];
    const look = (): void => void seen.push(currentFlavor());
    function* structured(depth: number): Operation<void> {
      look();
      yield* sleep(1);
      if (depth > 0) yield* runAsync(loop, depth);
      look();
    }
    const loop = async (depth: number): Promise<void> => {
      look();
      await loopSleep(1);
      await runStructured(structured, depth - 1);
      look();
    };
    await run(() => structured(2));
    const down = ["structured", "loop", "structured", "loop", "structured"];
    expect(seen).toEqual([...down, ...down.toReversed()]);
  });

  test("is that of the code inside in wrapped functions, and in no task of the other", async () => {
    const { run } = virtualBridge();
    const inside = asLoop(function* () {
      yield* sleep(1);
      return [currentFlavor(), currentTask()];
    });
    const outside = asStructured(async () => [
      currentFlavor(),
      ...(await inside()),
      currentFlavor(),
    ]);
    await run(function* () {
      expect(yield* outside()).toEqual(["loop", "structured", undefined, "loop"]);
    });
  });

  test("is structured in allowLoop, until an async function that is called there has awaited", async () => {
    const { run } = virtualBridge();
    const look = async (): Promise<unknown[]> => {
      const first = currentFlavor();
      await Promise.resolve();
      return [first, currentFlavor()];
    };
    await run(() =>
      allowLoop(function* () {
        expect(currentFlavor()).toBe("structured");
        expect(yield look()).toEqual(["structured", "loop"]);
        expect(currentFlavor()).toBe("structured");
      }),
    );
  });

  test("is structured in a run that loop code has started, and loop again behind it", async () => {
    await runLoop(
      async () => {
        await runInLoop(function* () {
          yield* sleep(1);
          expect(currentFlavor()).toBe("structured");
        });
        expect(currentFlavor()).toBe("loop");
      },
      { host: new VirtualHost() },
    );
  });

  test("is that of whoever is called back: a listener that loop code has added is loop code", async () => {
    const { run, log, trace } = virtualBridge();
    const emitter = new EventEmitter();
    await run(function* (loop) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(sleepForever);
        loop.callSoon(() => emitter.emit("tick"));
        emitter.once("tick", () => log(String(currentFlavor())));
        yield* sleep(1);
        nursery.cancelScope.cancel();
      });
    });
    expect(trace.messages).toEqual(["loop"]);
  });
});

describe("the flavor elsewhere", () => {
  test("is none: in promise code, before and behind a run", async () => {
    expect(currentFlavor()).toBeUndefined();
    const { run } = virtualBridge();
    await run(() => openLoop(() => sleep(1)));
    expect(currentFlavor()).toBeUndefined();
    await new Promise<void>((resolve) => void setImmediate(resolve));
    expect(currentFlavor()).toBeUndefined();
  });

  test("is none in what loop code has left behind, when its loop has stopped", async () => {
    const loop = new EventLoop({ host: new VirtualHost() });
    let later: Promise<unknown> | undefined;
    let goOn = (): void => {};
    await loop.runUntilComplete(async () => {
      later = (async () => {
        await new Promise<void>((resolve) => void (goOn = resolve));
        return currentFlavor();
      })();
    });
    goOn();
    expect(await later).toBeUndefined();
    await loop.close();
  });
});
