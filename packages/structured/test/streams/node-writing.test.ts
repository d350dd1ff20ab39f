import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { BusyResourceError, ClosedResourceError, openNursery } from "../../src/index.js";
import { NodeWatch } from "../../src/streams/node-watch.js";
import { NodeWriting } from "../../src/streams/node-writing.js";
import { waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { bytes } from "./text.js";

describe("the writing of a Node stream", () => {
  test("writes what comes after a send that was given up in its order", async () => {
    const { run } = virtualRun();
    const written: string[] = [];
    const settles: (() => void)[] = [];
    const writable = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(String(chunk));
        settles.push(done);
      },
    });
    const writing = new NodeWriting(writable, new NodeWatch(writable));
    await run(() =>
      openNursery(function* (nursery) {
        const first = nursery.startSoon(() => writing.sendAll(bytes("first")));
        yield* waitAllTasksBlocked();
        first.cancel();
        yield* waitAllTasksBlocked();
        nursery.startSoon(() => writing.sendEof());
        yield* waitAllTasksBlocked();
        expect(yield* caughtBy(() => writing.sendAll(bytes("x")))).toBeInstanceOf(
          BusyResourceError,
        );
        expect(writable.writableEnded).toBe(false);
        settles[0]?.();
        yield* waitAllTasksBlocked();
        expect(writable.writableFinished).toBe(true);
        expect(yield* caughtBy(() => writing.sendAll(bytes("x")))).toBeInstanceOf(
          ClosedResourceError,
        );
      }),
    );
    expect(written).toEqual(["first"]);
  });
});
