import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BusyResourceError,
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  sleep,
} from "../../src/index.js";
import { assertCheckpoints, MemoryReceiveStream, waitAllTasksBlocked } from "../../src/testing.js";
import { caughtBy } from "../streams/caught-by.js";
import { bytes, text } from "../streams/text.js";
import { virtualRun } from "../virtual-run.js";

describe("a memory stream to receive from (TST-10, T247)", () => {
  test("gives what was put in, and the end for ever", async () => {
    const { run } = virtualRun();
    const stream = new MemoryReceiveStream();
    stream.putData(bytes("abc"));
    await run(() =>
      openNursery(function* (nursery) {
        expect(text(yield* assertCheckpoints(() => stream.receiveSome(2)))).toBe("ab");
        yield* moveOnAfter(0, () => stream.receiveSome());
        expect(text(yield* stream.receiveSome())).toBe("c");
        const receiving = nursery.startSoon(() => stream.receiveSome());
        yield* waitAllTasksBlocked();
        stream.putEof();
        expect(yield* receiving.join()).toHaveLength(0);
        expect(yield* assertCheckpoints(() => stream.receiveSome(1))).toHaveLength(0);
        expect(() => stream.putData(bytes("x"))).toThrow(ClosedResourceError);
      }),
    );
  });

  test("runs its hooks, which may wait, put data in, and fail", async () => {
    const { run, host, trace, log } = virtualRun();
    const failure = new Error("no route");
    const stream = new MemoryReceiveStream({
      *receiveSomeHook() {
        yield* sleep(10);
        stream.putData(bytes("late"));
      },
      closeHook: () => log("closed"),
    });
    await run(function* () {
      expect(text(yield* stream.receiveSome())).toBe("late");
      stream.receiveSomeHook = () => {
        throw failure;
      };
      expect(yield* caughtBy(() => stream.receiveSome())).toBe(failure);
      yield* stream.aclose();
      stream.close();
    });
    expect(host.now()).toBe(10);
    expect(trace.messages).toEqual(["closed"]);
  });

  test("refuses a second task, and wakes the first when it is closed (ABC-6, ABC-7)", async () => {
    const { run } = virtualRun();
    const stream = new MemoryReceiveStream();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ClosedResourceError);
        });
        yield* waitAllTasksBlocked();
        expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(BusyResourceError);
        stream.close();
        expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ClosedResourceError);
        expect(() => stream.putData(bytes("x"))).toThrow(ClosedResourceError);
      }),
    );
  });

  test("forgets what was put in when it is closed", async () => {
    const { run } = virtualRun();
    const stream = new MemoryReceiveStream();
    stream.putData(bytes("gone"));
    stream.close();
    await run(function* () {
      expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ClosedResourceError);
      expect(yield* caughtBy(() => stream.receiveSome(0))).toBeInstanceOf(ArgumentError);
    });
  });
});
