// The user's async context goes in with a call, in either direction, and does not come back; who runs now is each side's own.
import { AsyncLocalStorage } from "node:async_hooks";
import { currentTask, sleep as loopSleep } from "@trestle/loop";
import { checkpoint, openNursery, sleep } from "@trestle/structured";
import { afterEach, expect, test } from "vitest";
import { asLoop, asStructured, currentLoop, run } from "../../src/index.js";

let storage: AsyncLocalStorage<string>;
afterEach(() => storage.disable());

test("a request's id goes with it from a loop task into structured code and back into a loop task, across every await", async () => {
  storage = new AsyncLocalStorage();
  const seen: string[] = [];
  const see = (where: string): void => void seen.push(`${where}: ${storage.getStore()}`);
  await run(function* () {
    const structured = asLoop(function* () {
      see("structured");
      yield* sleep(1);
      see("structured, later");
      yield* asStructured(async () => {
        see("loop within");
        await loopSleep(1);
        see("loop within, later");
      })();
      see("structured, at the end");
    });
    yield* asStructured(async () => {
      await storage.run("r-1", async () => {
        await loopSleep(1);
        await structured();
        see("loop");
      });
    })();
    see("main");
  });
  expect(seen).toEqual([
    "structured: r-1",
    "structured, later: r-1",
    "loop within: r-1",
    "loop within, later: r-1",
    "structured, at the end: r-1",
    "loop: r-1",
    "main: undefined",
  ]);
});

test("what a structured task enters goes into its calls and its children", async () => {
  storage = new AsyncLocalStorage();
  const seen: (string | undefined)[] = [];
  await run(function* () {
    storage.enterWith("main's own");
    yield* checkpoint();
    yield* asStructured(async () => {
      await loopSleep(1);
      seen.push(storage.getStore());
    })();
    yield* openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        seen.push(storage.getStore());
      });
    });
  });
  expect(seen).toEqual(["main's own", "main's own"]);
});

test("the loop's current task stays behind at the crossing into structured code; the loop does not", async () => {
  storage = new AsyncLocalStorage();
  const seen: [task: boolean, loop: boolean][] = [];
  await run(function* () {
    const structured = asLoop(function* () {
      seen.push([currentTask() !== undefined, currentLoop() !== undefined]);
      yield* sleep(1);
      seen.push([currentTask() !== undefined, currentLoop() !== undefined]);
    });
    yield* asStructured(async () => structured())();
  });
  expect(seen).toEqual([
    [false, true],
    [false, true],
  ]);
});
