import { fromPromise, run, sleep, sleepForever, type Operation } from "@trestle/structured";
import { closing, fromReadable } from "@trestle/structured/streams";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { feedWhile } from "../../src/structured/feed-while.js";
import { bytes } from "../processes.js";

function* after(ms: number, value: string): Operation<string> {
  yield* sleep(ms);
  return value;
}

test("sends the stream to its end, and gives the value of the other", async () => {
  const input = new PassThrough();
  const read = text(input);
  const source = fromReadable(Readable.from(["one ", "two"].map(bytes), { objectMode: false }));
  expect(await run(() => feedWhile(source, input, fromPromise(read)))).toBe("one two");
});

test("stops when the other has ended, and leaves the stream", async () => {
  const source = fromReadable(new PassThrough());
  expect(await run(() => feedWhile(source, new PassThrough(), after(1, "done")))).toBe("done");
});

test("T201: an input that breaks is no failure", async () => {
  const input = new PassThrough();
  input.destroy();
  const source = fromReadable(Readable.from([bytes("one")], { objectMode: false }));
  expect(await run(() => feedWhile(source, input, after(5, "done")))).toBe("done");
});

test("T213: an error of the stream ends the other, and comes out as it is; so does one of the other", async () => {
  const failing = new Readable({
    read() {
      this.destroy(new Error("disk on fire"));
    },
  });
  const attempt = run(() =>
    closing(fromReadable(failing), (source) =>
      feedWhile(source, new PassThrough(), sleepForever()),
    ),
  );
  await expect(attempt).rejects.toMatchObject({
    code: "TRESTLE_BROKEN_RESOURCE",
    cause: { message: "disk on fire" },
  });
  const error = new Error("other");
  function* fail(): Operation<string> {
    yield* sleep(1);
    throw error;
  }
  const endless = fromReadable(new PassThrough());
  await expect(run(() => feedWhile(endless, new PassThrough(), fail()))).rejects.toBe(error);
});
