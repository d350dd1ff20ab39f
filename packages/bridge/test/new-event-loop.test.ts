import { WrongFlavorError } from "@trestle/host";
import {
  DefaultEventLoopPolicy,
  EventLoop,
  LoopClosedError,
  LoopRunningError,
  LoopStoppedError,
  setEventLoopPolicy,
  sleep as loopSleep,
} from "@trestle/loop";
import { run as runAlone, sleep, sleepForever } from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  asLoop,
  currentFlavor,
  newEventLoop,
  NoHostedLoopError,
  runAsync,
  runStructured,
  type StructuredEventLoop,
} from "../src/index.js";
import { virtualBridge } from "./virtual-bridge.js";

let warnings: unknown[];

beforeEach(() => {
  warnings = [];
  vi.spyOn(process, "emitWarning").mockImplementation((warning) => void warnings.push(warning));
});

describe("a loop that was made by hand", () => {
  test("runs again and again, and has structured code in it (test_explicit_mainloop)", async () => {
    const host = new VirtualHost();
    const loop = newEventLoop({ host });
    const nap = asLoop(function* (ms: number) {
      expect(currentFlavor()).toBe("structured");
      yield* sleep(ms);
      return `napped ${ms}`;
    });
    expect(await loop.runUntilComplete(async () => nap(5))).toBe("napped 5");
    expect(await loop.runUntilComplete(async () => nap(10))).toBe("napped 10");
    loop.callLater(5, () => {
      void runStructured(sleep, 5).then(() => loop.stop());
    });
    await loop.runForever();
    expect(host.now()).toBe(25);
    await loop.close();
    expect(loop.isClosed()).toBe(true);
  });

  test("takes structured code before it runs, and pauses it in between (trio-asyncio 2.26)", async () => {
    const host = new VirtualHost();
    const trace = new Trace(() => host.now());
    const loop = newEventLoop({ host });
    const background = loop.enter(() =>
      runStructured(function* () {
        for (let i = 0; i < 3; i++) {
          yield* sleep(10);
          trace.log("tick");
        }
      }),
    );
    await loop.runUntilComplete(() => loopSleep(15));
    trace.log("stands still");
    await loop.runUntilComplete(background);
    expect(trace.entries).toEqual([
      [10, "tick"],
      [15, "stands still"],
      [20, "tick"],
      [30, "tick"],
    ]);
    await loop.close();
  });

  test("goes through a sandwich", async () => {
    const loop = newEventLoop({ host: new VirtualHost() });
    const inner = asLoop(function* () {
      return yield* runAsync(async () => {
        await loopSleep(1);
        return currentFlavor();
      });
    });
    expect(await loop.runUntilComplete(async () => inner())).toBe("loop");
    await loop.close();
  });

  test("throws errors out of the run and stays usable (trio-asyncio 2.26)", async () => {
    const loop = newEventLoop({ host: new VirtualHost() });
    const error = new Error("of the call");
    const failing = asLoop(function* (): Generator<never, void> {
      throw error;
    });
    await expect(loop.runUntilComplete(async () => failing())).rejects.toBe(error);
    expect(await loop.runUntilComplete(async () => 5)).toBe(5);
    await loop.close();
  });

  test("refuses what it cannot do: a run in a run, one that is stopped early, one behind the close", async () => {
    const loop = newEventLoop({ host: new VirtualHost() });
    await loop.runUntilComplete(async () => {
      await expect(loop.runUntilComplete(async () => {})).rejects.toBeInstanceOf(LoopRunningError);
      await expect(loop.close()).rejects.toBeInstanceOf(LoopRunningError);
    });
    loop.callLater(1, () => loop.stop());
    const endless = asLoop(sleepForever);
    await expect(loop.runUntilComplete(async () => endless())).rejects.toBeInstanceOf(
      LoopStoppedError,
    );
    await loop.close();
    await loop.close();
    await expect(loop.runForever()).rejects.toBeInstanceOf(LoopClosedError);
    expect(() => asLoop(sleep, { loop: loop as StructuredEventLoop })(1)).toThrow(LoopClosedError);
  });

  test("is of the kind that the policy makes (trio-asyncio 2.25)", async () => {
    class Special extends EventLoop {}
    class SpecialPolicy extends DefaultEventLoopPolicy {
      override newEventLoop(): EventLoop {
        return new Special({ host: new VirtualHost() });
      }
    }
    setEventLoopPolicy(new SpecialPolicy());
    onTestFinished(() => setEventLoopPolicy(undefined));
    const loop = newEventLoop();
    expect(loop).toBeInstanceOf(Special);
    await loop.runUntilComplete(async () => runStructured(sleep, 1));
    await loop.close();
  });
});

test("a loop that the loop package made takes no structured calls", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  await loop.runUntilComplete(async () => {
    expect(() => runStructured(sleep, 1)).toThrow(NoHostedLoopError);
  });
  await loop.close();
});

test("in a structured run it is refused, and in the loop of one (trio-asyncio 2.25)", async () => {
  await runAlone(function* () {
    expect(() => newEventLoop()).toThrow(WrongFlavorError);
  });
  const { run } = virtualBridge();
  await run(() =>
    runAsync(async () => {
      expect(() => newEventLoop()).toThrow(/openLoop/);
    }),
  );
  expect(warnings).toEqual([]);
});

test("there is one warning in all", async () => {
  const deprecations = Symbol.for("trestle.process-wide:@trestle/bridge deprecations");
  const { state } = (globalThis as unknown as Record<symbol, { state: Set<string> }>)[
    deprecations
  ] as { state: Set<string> };
  state.clear();
  const loops = [newEventLoop(), newEventLoop()];
  expect(warnings.map(String)).toEqual([
    "TrestleDeprecationWarning: 'newEventLoop' of @trestle/bridge is deprecated.\n" +
      "Start the program with 'run' of @trestle/bridge, or give structured code to 'runInLoop'.",
  ]);
  await Promise.all(loops.map((loop) => loop.close()));
});
