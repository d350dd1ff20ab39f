import { WrongFlavorError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkpoint, EndOfChannel } from "../../src/index.js";
import { SourcedItemStream } from "../../src/streams/item-stream.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";

test("a stream of items tells an item that is undefined from the end", async () => {
  const { run, log, trace } = virtualRun();
  const given = [{ item: undefined }, { item: 1 }, { item: 2 }];
  const items = new SourcedItemStream<unknown>({
    *next() {
      yield* checkpoint();
      return given.shift();
    },
    *aclose() {
      log("closed");
    },
  });
  await run(function* () {
    expect(yield* items.receive()).toBeUndefined();
    expect(yield* caughtBy(() => items.each((async () => {}) as never))).toBeInstanceOf(
      WrongFlavorError,
    );
    const rest: unknown[] = [];
    yield* items.each(function* (item) {
      rest.push(item);
    });
    expect(rest).toEqual([2]);
    expect(yield* caughtBy(() => items.receive())).toBeInstanceOf(EndOfChannel);
    yield* items.aclose();
  });
  expect(trace.messages).toEqual(["closed"]);
});
