import { Readable } from "node:stream";
import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  ClosedResourceError,
  EndOfChannel,
  openNursery,
} from "../../src/index.js";
import { fromReadableItems } from "../../src/streams.js";
import { waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { listenersOf } from "./listeners.js";

describe("fromReadableItems", () => {
  test("gives the objects of a Readable one by one, and then the end of the channel", async () => {
    const { run } = virtualRun();
    const readable = Readable.from([{ id: 1 }, { id: 2 }, 0, ""]);
    const items = fromReadableItems<unknown>(readable);
    await run(function* () {
      expect(yield* items.receive()).toEqual({ id: 1 });
      const rest: unknown[] = [];
      yield* items.each(function* (item) {
        rest.push(item);
      });
      expect(rest).toEqual([{ id: 2 }, 0, ""]);
      expect(yield* caughtBy(() => items.receive())).toBeInstanceOf(EndOfChannel);
      yield* items.aclose();
    });
    expect(readable.closed).toBe(true);
  });

  test("gives the strings of a Readable with an encoding", async () => {
    const { run } = virtualRun();
    const readable = Readable.from([Buffer.from("é")], { objectMode: false });
    readable.setEncoding("utf8");
    expect(await run(() => fromReadableItems<string>(readable).receive())).toBe("é");
  });

  test("fails as streams do: closed, and broken with its cause", async () => {
    const { run } = virtualRun();
    const closed = new Readable({ objectMode: true, read() {} });
    const before = listenersOf(closed);
    const reset = new Error("reset");
    const failed = new Readable({ objectMode: true, read: () => void failed.destroy(reset) });
    await run(() =>
      openNursery(function* (nursery) {
        const items = fromReadableItems(closed);
        nursery.startSoon(function* () {
          expect(yield* caughtBy(() => items.receive())).toBeInstanceOf(ClosedResourceError);
        });
        yield* waitAllTasksBlocked();
        yield* items.aclose();
        const error = yield* caughtBy(() => fromReadableItems(failed).receive());
        expect(error).toBeInstanceOf(BrokenResourceError);
        expect(error).toMatchObject({ cause: reset });
      }),
    );
    expect(listenersOf(closed)).toEqual(before);
  });

  test("refuses what is no Readable", () => {
    expect(() => fromReadableItems([1, 2] as never)).toThrow(ArgumentError);
  });
});
