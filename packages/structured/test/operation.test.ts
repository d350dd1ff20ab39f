import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  abortable,
  asyncDispose,
  CancelScope,
  cancelShieldedCheckpoint,
  checkpoint,
  checkpointIfCancelled,
  Condition,
  currentTask,
  eachOf,
  Event,
  failAfter,
  fromPromise,
  Lock,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  sleep,
  sleepForever,
  using,
  type Operation,
  type TaskStatus,
} from "../src/index.js";
import { assertCheckpoints, assertNoCheckpoints } from "../src/testing.js";
import { refuseAwait } from "../src/operation.js";
import { virtualRun } from "./virtual-run.js";

async function awaiting(operation: Operation<unknown>): Promise<unknown> {
  // @ts-expect-error -- the mistake is what is shown
  // oxlint-disable-next-line await-thenable -- the same
  return await operation;
}

describe("await of an operation", () => {
  const [send, receive] = openMemoryChannel<number>(0);
  test.each<[string, Operation<unknown>]>([
    ["checkpoint()", checkpoint()],
    ["checkpointIfCancelled()", checkpointIfCancelled()],
    ["cancelShieldedCheckpoint()", cancelShieldedCheckpoint()],
    ["sleep(10)", sleep(10)],
    ["sleepForever()", sleepForever()],
    ["openNursery(...)", openNursery(() => checkpoint())],
    ["scope.run(...)", new CancelScope().run(() => checkpoint())],
    ["moveOnAfter(...)", moveOnAfter(10, () => checkpoint())],
    ["failAfter(...)", failAfter(10, () => checkpoint())],
    ["event.wait()", new Event().wait()],
    ["lock.acquire()", new Lock().acquire()],
    ["send.send(1)", send.send(1)],
    ["receive.receive()", receive.receive()],
    ["fromPromise(...)", fromPromise(Promise.resolve())],
    ["abortable(...)", abortable(() => Promise.resolve())],
    ["lock.hold(...)", new Lock().hold(() => checkpoint())],
    ["condition.wait()", new Condition().wait()],
    ["condition.waitFor(...)", new Condition().waitFor(() => true)],
    ["receive.each(...)", receive.each(() => checkpoint())],
    ["eachOf(...)", eachOf([1], () => checkpoint())],
    ["using(...)", using({ [Symbol.dispose]: () => {} }, () => checkpoint())],
    ["asyncDispose(...)", asyncDispose({ [Symbol.dispose]: () => {} })],
    ["assertCheckpoints(...)", assertCheckpoints(() => checkpoint())],
    ["assertNoCheckpoints(...)", assertNoCheckpoints(() => checkpointIfCancelled())],
  ])("is refused, with the words to write instead: %s", async (_name, operation) => {
    await expect(awaiting(operation)).rejects.toThrow(WrongFlavorError);
    await expect(awaiting(operation)).rejects.toThrow(
      "Cannot await an operation: it belongs to the structured flavor.\n" +
        "In a generator function write 'yield*' before it; in loop-flavored code call it through 'asLoop' of " +
        "@trestle/bridge; outside of both give it to 'run'.",
    );
  });

  test("is refused for those that need a task to be made", async () => {
    const { run } = virtualRun();
    const operations = await run(() =>
      openNursery(function* (nursery) {
        const start = nursery.start(function* (status: TaskStatus) {
          status.started();
        });
        return { join: currentTask().join(), start };
      }),
    );
    await expect(awaiting(operations.join)).rejects.toThrow(WrongFlavorError);
    await expect(awaiting(operations.start)).rejects.toThrow(WrongFlavorError);
  });
});

test("a then without a second argument throws", () => {
  expect(() => refuseAwait(undefined)).toThrow(WrongFlavorError);
});
