import { CancelScope, openNursery, sleep } from "@trestle/structured";
import { expect, test } from "vitest";
import { RequestQueue } from "../src/request-queue.js";
import { virtualBridge } from "./virtual-bridge.js";

test("the first is given without being taken, and waited for where there is none", async () => {
  const { run, log, trace } = virtualBridge();
  await run(function* (loop) {
    const queue = new RequestQueue<string>();
    loop.callLater(10, () => queue.push("a"));
    log(yield* queue.first());
    log(yield* queue.first());
    queue.push("b");
    queue.remove("a");
    queue.remove("no such request");
    log(yield* queue.first());
    expect(queue.takeAll()).toEqual(["b"]);
    expect(queue.takeAll()).toEqual([]);
  });
  expect(trace.entries).toEqual([
    [10, "a"],
    [10, "a"],
    [10, "b"],
  ]);
});

test("all who wait are woken, and one who finds nothing left waits on", async () => {
  const { run, log, trace } = virtualBridge();
  await run((loop) =>
    openNursery(function* (nursery) {
      const queue = new RequestQueue<string>();
      for (const name of ["first", "second"]) {
        nursery.startSoon(function* () {
          const request = yield* queue.first();
          queue.remove(request);
          log(`${name} has ${request}`);
        });
      }
      loop.callLater(10, () => queue.push("a"));
      loop.callLater(20, () => queue.push("b"));
      yield* sleep(30);
    }),
  );
  expect(trace.entries).toEqual([
    [10, "first has a"],
    [20, "second has b"],
  ]);
});

test("who is cancelled is not woken any more", async () => {
  const { run } = virtualBridge();
  await run(function* () {
    const queue = new RequestQueue<string>();
    const scope = new CancelScope({ relativeDeadline: 10 });
    yield* scope.run(() => queue.first());
    expect(scope.cancelledCaught).toBe(true);
    queue.push("late");
    expect(yield* queue.first()).toBe("late");
  });
});
