// What structured code has let go of does not keep a block open; its end tells of it.
import { sleep } from "@trestle/loop";
import { moveOnAfter } from "@trestle/structured";
import { beforeEach, expect, test, vi, type MockInstance } from "vitest";
import { asStructured, run } from "../../src/index.js";
import { virtualBridge } from "../virtual-bridge.js";

let warnings: MockInstance<typeof process.emitWarning>;
beforeEach(() => {
  warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
});

/** A call that takes no notice of its cancellation. */
const stubborn = (ms: number) =>
  asStructured(
    async function stubborn() {
      await sleep(1000).catch(() => {});
      await sleep(ms);
    },
    { onCancel: "abandon" },
  );

test("a call that goes on at the end is named in a warning, and not waited for", async () => {
  const { run: start, host } = virtualBridge();
  await start(function* () {
    yield* moveOnAfter(10, () => stubborn(1000)());
  });
  expect(host.now()).toBe(10);
  expect(warnings.mock.calls).toEqual([
    [
      "The block of openLoop has ended while a call went on that a cancellation had let go of.\n  task 'stubborn'",
      { type: "TrestleWarning", code: "TRESTLE_ABANDONED" },
    ],
  ]);
});

test("one that has ended by then is not", async () => {
  const { run: start, log, trace } = virtualBridge();
  await start(function* () {
    yield* moveOnAfter(10, () => stubborn(10)());
    log("let go");
    yield* asStructured(sleep)(20);
  });
  expect(trace.entries).toEqual([[10, "let go"]]);
  expect(warnings).not.toHaveBeenCalled();
});

test("neither is one that ends while others are waited for", async () => {
  const { run: start, host } = virtualBridge();
  await start(function* (loop) {
    void loop.createTask(async () => {
      await sleep(1000).catch(() => {});
      await sleep(20);
    });
    yield* moveOnAfter(10, () => stubborn(10)());
  });
  expect(host.now()).toBe(30);
  expect(warnings).not.toHaveBeenCalled();
});

test("a promise that nobody settles does not keep the block open either", async () => {
  const lost = asStructured(() => new Promise<void>(() => {}), { onCancel: "abandon" });
  await run(function* () {
    yield* moveOnAfter(1, () => lost());
  });
  expect(warnings).toHaveBeenCalledOnce();
});
