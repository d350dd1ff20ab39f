import { CancelScope, checkpoint, openNursery, run, sleepForever } from "@trestle/structured";
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
  block.callBegan();
  block.callBegan();
  block.callEnded();
  expect(block.calls).toBe(1);
});

test("the shutdown is woken by each end, and by no cancellation", async () => {
  const { log, messages } = tracing();
  const block = new LoopBlock();
  await run(
    () =>
      openNursery(function* (nursery) {
        block.callBegan();
        block.callBegan();
        nursery.startSoon(function* () {
          const scope = new CancelScope();
          scope.cancel();
          yield* scope.run(function* () {
            while (block.calls > 0) {
              yield* block.nextChange();
              log(`${block.calls} left`);
            }
          });
        });
        yield* checkpoint();
        yield* checkpoint();
        block.changed();
        yield* checkpoint();
        block.callEnded();
        block.callEnded();
        block.changed();
      }),
    { host: new VirtualHost() },
  );
  expect(messages()).toEqual(["2 left", "0 left"]);
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
