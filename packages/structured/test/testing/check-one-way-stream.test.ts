import { DeadlockError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { sleepForever } from "../../src/index.js";
import type { ReceiveStream, SendStream } from "../../src/streams.js";
import {
  checkOneWayStream,
  lockstepStreamOneWayPair,
  memoryStreamOneWayPair,
} from "../../src/testing.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

function counted<T>(make: () => T) {
  const counter = { made: 0 };
  const maker = function* () {
    counter.made++;
    return make();
  };
  return { counter, maker };
}

describe("checkOneWayStream (TST-12)", () => {
  test("asks for fresh streams for each rule, and for clogged ones only where it may", async () => {
    const open = counted(memoryStreamOneWayPair);
    const clogged = counted(lockstepStreamOneWayPair);
    await virtualRun().run(() => checkOneWayStream(open.maker));
    const each = open.counter.made;
    expect(each).toBeGreaterThan(10);
    await virtualRun().run(() => checkOneWayStream(open.maker, clogged.maker));
    expect(open.counter.made).toBe(2 * each);
    expect(clogged.counter.made).toBeGreaterThan(5);
  });

  test("tells of a stream that freezes, on virtual time", async () => {
    const error = await rejectionOf(
      virtualRun().run(() =>
        checkOneWayStream(function* (): Generator<never, [SendStream, ReceiveStream]> {
          const [send, receive] = memoryStreamOneWayPair();
          receive.receiveSomeHook = sleepForever;
          return [send, receive];
        }),
      ),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect(String(error)).toContain("task 'a receiver gets what was sent' waits");
  });

  test("throws what the maker throws", async () => {
    const error = new Error("no streams today");
    const failing = () => {
      throw error;
    };
    await expect(virtualRun().run(() => checkOneWayStream(failing))).rejects.toBe(error);
  });
});
