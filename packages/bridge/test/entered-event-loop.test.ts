import { WrongFlavorError } from "@trestle/host";
import { sleep } from "@trestle/loop";
import { checkpoint, ContextVar, type Operation } from "@trestle/structured";
import { describe, expect, test } from "vitest";
import {
  asLoop,
  asStructured,
  LoopQueueFullError,
  type StructuredEventLoop,
} from "../src/index.js";
import { virtualBridge } from "./virtual-bridge.js";

test("what the loop is to call has the context variables of who says so", async () => {
  const { run, log, trace } = virtualBridge();
  const name = new ContextVar<string>("name", { defaultValue: "nobody" });
  const tell = (what: string): void => log(`${what} for ${name.get()}`);
  await run(function* (loop) {
    name.set("somebody");
    loop.callSoon(tell, "callback");
    loop.callLater(1, tell, "timer");
    loop.callSoonThreadsafe(tell, "callback from anywhere");
    yield* asStructured(sleep)(2);
    yield* loop.runAsync(async () => tell("task"));
  });
  expect(trace.messages).toEqual([
    "callback for somebody",
    "callback from anywhere for nobody",
    "timer for somebody",
    "task for somebody",
  ]);
});

describe("a queue of limited length", () => {
  const full = async (use: (loop: StructuredEventLoop) => Operation<void>): Promise<void> => {
    const { run } = virtualBridge();
    await run(use, { queueLength: 2 });
  };

  test("refuses the call that does not fit, to the one who makes it (trio-asyncio 2.16)", () =>
    full(function* (loop) {
      loop.callSoon(() => {});
      void loop.createTask(async () => {});
      for (const call of [
        () => loop.callSoon(() => {}),
        () => loop.createTask(async () => {}),
        () => loop.structuredAsFuture(function* () {}),
      ])
        expect(call).toThrow(LoopQueueFullError);
      expect(yield* thrownBy(asStructured(sleep)(1))).toBeInstanceOf(LoopQueueFullError);
    }));

  test("says how long it is, and what to do", () =>
    full(function* (loop) {
      loop.callSoon(() => {});
      loop.callSoon(() => {});
      expect(() => loop.callSoon(() => {})).toThrow(
        "Cannot call soon: 2 calls wait in the loop's queue, and that is its length.\n" +
          "Let the loop catch up with 'yield* loop.synchronize()', or open it with a greater 'queueLength'.",
      );
    }));

  test("has room again when the loop has caught up, and always for who waits for that", () =>
    full(function* (loop) {
      for (let i = 0; i < 10; i++) {
        loop.callSoon(() => {});
        loop.callSoon(() => {});
        yield* loop.synchronize();
      }
      yield* asStructured(sleep)(1);
    }));

  test("has room again for what is taken back", () =>
    full(function* (loop) {
      for (let i = 0; i < 10; i++) loop.callSoon(() => {}).cancel();
      for (let i = 0; i < 10; i++) {
        loop.createTask(async () => {}).cancel();
        yield* checkpoint();
        yield* loop.synchronize();
      }
      expect(() => loop.callSoon(5 as never)).toThrow(WrongFlavorError);
      expect(() => loop.createTask(5 as never)).toThrow(WrongFlavorError);
      loop.callSoon(() => {});
      loop.callSoon(() => {});
    }));

  test("counts no call that the loop's own code makes, and no timer", () =>
    full(function* (loop) {
      const nothing = asLoop(function* () {});
      yield* loop.runAsync(async () => {
        await Promise.all(Array.from({ length: 10 }, () => nothing()));
        for (let i = 0; i < 10; i++) loop.callSoon(() => {});
        await Promise.all(Array.from({ length: 10 }, () => loop.createTask(() => sleep(1))));
      });
      for (let i = 0; i < 10; i++) loop.callLater(1, () => {});
    }));

  test("does not keep the block from ending", () =>
    full(function* (loop) {
      loop.callSoon(() => {});
      loop.callSoon(() => {});
    }));
});

function* thrownBy(operation: Operation<unknown>): Operation<unknown> {
  try {
    yield* operation;
  } catch (error) {
    return error;
  }
  throw new Error("Expected an error.");
}
