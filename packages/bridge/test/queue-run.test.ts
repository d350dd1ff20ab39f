import { LoopStoppedError } from "@trestle/loop";
import { checkpoint, openNursery, run, sleep } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { LoopStop } from "../src/loop-stop.js";
import { untilQueueHasRun } from "../src/queue-run.js";
import { virtualBridge } from "./virtual-bridge.js";

test("ends when the last in the queue has run", async () => {
  const host = new VirtualHost();
  const stop = new LoopStop();
  await run(() => untilQueueHasRun(stop, (fn) => void host.at(10, fn)), { host });
  expect(host.now()).toBe(10);
});

test("fails where the loop stands still, or comes to its stand before", async () => {
  const host = new VirtualHost();
  const stop = new LoopStop();
  const log: string[] = [];
  await run(
    () =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(10);
          stop.standStill();
          stop.reached();
        });
        for (let i = 0; i < 2; i++) {
          try {
            yield* untilQueueHasRun(stop, () => {});
          } catch (error) {
            log.push(`${host.now()} ${error instanceof LoopStoppedError}`);
          }
        }
      }),
    { host },
  );
  expect(log).toEqual(["10 true", "10 true"]);
});

test("a loop that is about to stop keeps nobody waiting for what is queued", async () => {
  const bridge = virtualBridge();
  await bridge.run(function* (loop) {
    for (let i = 0; i < 3; i++) loop.callSoon(bridge.log, `callback ${i}`);
    const stopped = loop.stop();
    yield* checkpoint();
    try {
      yield* loop.synchronize();
    } catch (error) {
      bridge.log(`${stopped.isSet} ${error instanceof LoopStoppedError}`);
    }
  });
  expect(bridge.trace.messages).toEqual(["callback 0", "callback 1", "callback 2", "true true"]);
});
