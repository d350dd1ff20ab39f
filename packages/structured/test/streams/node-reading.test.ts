import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { checkpoint, moveOnAfter, openNursery } from "../../src/index.js";
import { NodeReading } from "../../src/streams/node-reading.js";
import { NodeWatch } from "../../src/streams/node-watch.js";
import { waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";

describe("the reading of a Node stream", () => {
  test("waits again where 'readable' came for nothing", async () => {
    const { run, trace, log } = virtualRun();
    const readable = new Readable({ read() {} });
    const reading = new NodeReading(readable, new NodeWatch(readable));
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          const chunk = yield* reading.next(
            () => {
              log("looks");
              return readable.read() as Buffer | null;
            },
            () => undefined,
          );
          log(`got ${String(chunk)}`);
        });
        yield* waitAllTasksBlocked();
        readable.emit("readable");
        yield* waitAllTasksBlocked();
        expect(readable.listenerCount("readable")).toBe(1);
        readable.push("data");
      }),
    );
    expect(trace.messages).toEqual(["looks", "looks", "looks", "got data"]);
    expect(readable.listenerCount("readable")).toBe(0);
  });

  test("does not read for a task that is cancelled, and gives what it has read to one that was not", async () => {
    const { run } = virtualRun();
    const readable = new Readable({ read() {} });
    const reading = new NodeReading(readable, new NodeWatch(readable));
    readable.push("data");
    const next = () =>
      reading.next(
        () => readable.read() as Buffer | null,
        () => undefined,
      );
    await run(() =>
      openNursery(function* (nursery) {
        yield* moveOnAfter(0, next);
        expect(readable.readableLength).toBe(4);
        const task = nursery.startSoon(next);
        yield* checkpoint();
        task.cancel();
        expect(String(yield* task.join())).toBe("data");
      }),
    );
  });
});
