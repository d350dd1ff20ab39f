import { LoopClosedError } from "@trestle/loop";
import {
  CancelScope,
  checkpoint,
  moveOnAfter,
  openNursery,
  run,
  sleepForever,
} from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { LoopBlock } from "../src/loop-block.js";

test("an error of the background is kept, and ends the body", async () => {
  const block = new LoopBlock();
  const error = new Error("of a callback");
  await run(
    () =>
      openNursery(function* (outer) {
        block.outer = outer;
        block.terminate(error);
        yield* sleepForever();
      }),
    { host: new VirtualHost() },
  );
  expect(block.errors).toEqual([error]);
});

test("an error that comes before or after the block is kept as well", () => {
  const block = new LoopBlock();
  block.terminate("early");
  expect(block.errors).toEqual(["early"]);
});

test("structured calls are counted from their queueing to their end", () => {
  const block = new LoopBlock();
  const count = block.callBegan();
  block.callBegan();
  block.callEnded(count);
  expect(block.calls.alive).toBe(1);
});

test("the calls of a generation are counted apart from those that are made later", () => {
  const block = new LoopBlock();
  const early = block.callBegan();
  const generation = block.takeCalls();
  const late = block.callBegan();
  expect([generation.alive, block.calls.alive]).toEqual([1, 1]);
  block.callEnded(early);
  expect([generation.alive, block.calls.alive]).toEqual([0, 1]);
  block.callEnded(late);
  expect(block.calls.alive).toBe(0);
});

test("the shutdown is woken by each end", async () => {
  const { log, messages } = tracing();
  const block = new LoopBlock();
  await run(
    () =>
      openNursery(function* (nursery) {
        const count = block.callBegan();
        block.callBegan();
        nursery.startSoon(function* () {
          while (count.alive > 0) {
            yield* block.nextChange("the end");
            log(`${count.alive} left`);
          }
        });
        yield* checkpoint();
        yield* checkpoint();
        block.changed();
        yield* checkpoint();
        block.callEnded(count);
        block.callEnded(count);
        block.changed();
      }),
    { host: new VirtualHost() },
  );
  expect(messages()).toEqual(["2 left", "0 left"]);
});

test("the shutdown may be cut off, and what changes then wakes nobody", async () => {
  const block = new LoopBlock();
  const result = await run(
    function* () {
      const cut = yield* moveOnAfter(10, () => block.nextChange("what never ends"));
      block.changed();
      return cut;
    },
    { host: new VirtualHost() },
  );
  expect(result.cancelledCaught).toBe(true);
});

test("once it is cut off the end of the loop is no error of the block, but others are", () => {
  const block = new LoopBlock();
  const [report, other] = [new Error("the report"), new Error("of a cleanup")];
  block.cutOff(report);
  expect(block.terminate(new LoopClosedError("wait"))).toBe(true);
  expect(block.terminate(other)).toBe(true);
  expect(block.errors).toEqual([report, other]);
});

test("once it is over it takes no error any more", () => {
  const block = new LoopBlock();
  block.end();
  expect(block.terminate(new Error("too late"))).toBe(false);
  expect(block.errors).toEqual([]);
});

test("whoever keeps the nursery open is woken by the closing, and by no cancellation", async () => {
  const { log, messages } = tracing();
  const block = new LoopBlock();
  await run(
    () =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* block.closing();
          log("closed");
        });
        yield* checkpoint();
        nursery.cancelScope.cancel();
        yield* new CancelScope({ shield: true }).run(function* () {
          for (let i = 0; i < 5; i++) yield* checkpoint();
        });
        log("closing");
        block.closed();
      }),
    { host: new VirtualHost() },
  );
  expect(messages()).toEqual(["closing", "closed"]);
});

function tracing(): { log: (message: string) => void; messages: () => readonly string[] } {
  const trace = new Trace();
  return { log: trace.log, messages: () => trace.messages };
}
