import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { EndOfChannel, moveOnAfter } from "../../src/index.js";
import { fromReadableStreamItems } from "../../src/streams.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";

describe("fromReadableStreamItems", () => {
  test("gives whatever a ReadableStream has, undefined too, and then the end of the channel", async () => {
    const { run } = virtualRun();
    const given = [1, undefined, null, "text"];
    const readable = new ReadableStream<unknown>({
      start(controller) {
        for (const item of given) controller.enqueue(item);
        controller.close();
      },
    });
    const items = fromReadableStreamItems(readable);
    const got: unknown[] = [];
    await run(function* () {
      yield* moveOnAfter(0, () => items.receive());
      yield* items.each(function* (item) {
        got.push(item);
      });
      expect(yield* caughtBy(() => items.receive())).toBeInstanceOf(EndOfChannel);
      yield* items.aclose();
    });
    expect(got).toEqual(given);
    expect(readable.locked).toBe(false);
  });

  test("refuses what is no ReadableStream", () => {
    expect(() => fromReadableStreamItems([1, 2] as never)).toThrow(ArgumentError);
  });
});
