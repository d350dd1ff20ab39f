import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { moveOnAfter } from "../../src/index.js";
import { eachChunk } from "../../src/streams.js";
import { MemoryReceiveStream } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { bytes, text } from "./text.js";

describe("eachChunk", () => {
  test("runs the body for each chunk, until the end; the stream stays open (ABC-9)", async () => {
    const { run } = virtualRun();
    const stream = new MemoryReceiveStream();
    const got: string[] = [];
    stream.putData(bytes("one"));
    await run(function* () {
      yield* eachChunk(stream, function* (chunk) {
        got.push(text(chunk));
        if (got.length === 1) stream.putData(bytes("two"));
        else stream.putEof();
      });
      expect(yield* stream.receiveSome()).toHaveLength(0);
    });
    expect(got).toEqual(["one", "two"]);
  });

  test("leaves what has not been received where it is cancelled, or the body fails", async () => {
    const { run } = virtualRun();
    const stream = new MemoryReceiveStream();
    const error = new Error("enough");
    stream.putData(bytes("kept"));
    await run(function* () {
      yield* moveOnAfter(0, () => eachChunk(stream, function* () {}));
      const failing = eachChunk(stream, function* (chunk) {
        stream.putData(chunk);
        throw error;
      });
      expect(yield* caughtBy(() => failing)).toBe(error);
      expect(text(yield* stream.receiveSome())).toBe("kept");
    });
  });

  test("refuses a body that is no structured function", async () => {
    const { run } = virtualRun();
    const stream = new MemoryReceiveStream();
    stream.putData(bytes("x"));
    await run(function* () {
      expect(yield* caughtBy(() => eachChunk(stream, (async () => {}) as never))).toBeInstanceOf(
        WrongFlavorError,
      );
    });
  });
});
