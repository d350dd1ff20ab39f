import { describe, expect, test } from "vitest";
import { BrokenResourceError, checkpoint, openNursery } from "../../src/index.js";
import { waitAllTasksBlocked } from "../../src/testing.js";
import { LockstepStreamQueue } from "../../src/testing/lockstep-stream-queue.js";
import { caughtBy } from "../streams/caught-by.js";
import { bytes, text } from "../streams/text.js";
import { virtualRun } from "../virtual-run.js";

describe("what is between two lockstep streams (TST-11)", () => {
  test("takes back the bytes of a sender that is cancelled, and is no end then", async () => {
    const { run } = virtualRun();
    const queue = new LockstepStreamQueue();
    await run(() =>
      openNursery(function* (nursery) {
        const receiving = nursery.startSoon(() => queue.receiveSome(undefined));
        yield* waitAllTasksBlocked();
        const givenUp = nursery.startSoon(() => queue.sendAll(bytes("never")));
        yield* checkpoint();
        givenUp.cancel();
        yield* waitAllTasksBlocked();
        expect(receiving.outcome).toBeUndefined();
        yield* queue.sendAll(bytes("data"));
        expect(text(yield* receiving.join())).toBe("data");
      }),
    );
  });

  test("has nothing for a receiver that is cancelled, and all for the next", async () => {
    const { run } = virtualRun();
    const queue = new LockstepStreamQueue();
    await run(() =>
      openNursery(function* (nursery) {
        const givenUp = nursery.startSoon(() => queue.receiveSome(undefined));
        nursery.startSoon(() => queue.sendAll(bytes("data")));
        yield* checkpoint();
        givenUp.cancel();
        yield* waitAllTasksBlocked();
        expect(text(yield* queue.receiveSome(undefined))).toBe("data");
      }),
    );
  });

  test("is broken for a sender whose receiver has taken a part and closes", async () => {
    const { run } = virtualRun();
    const queue = new LockstepStreamQueue();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          expect(yield* caughtBy(() => queue.sendAll(bytes("abc")))).toBeInstanceOf(
            BrokenResourceError,
          );
        });
        expect(text(yield* queue.receiveSome(1))).toBe("a");
        queue.closeReceiver();
      }),
    );
  });
});
