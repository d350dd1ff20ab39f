import { once } from "node:events";
import { Writable } from "node:stream";
import { moveOnAfter, run } from "@trestle/structured";
import { expect, test } from "vitest";
import { print, tolerateBrokenPipe } from "../src/print.js";

/** A stream that takes what it is given when told to. */
class SlowStream extends Writable {
  take: (error?: Error) => void = () => {};

  override _write(
    _chunk: Buffer,
    _encoding: string,
    callback: (error?: Error | null) => void,
  ): void {
    this.take = callback;
    this.emit("writing");
  }
}

test("waits until the stream has let go", async () => {
  const stream = new SlowStream();
  const order: string[] = [];
  const writing = once(stream, "writing");
  const printing = run(() => print(stream, "text")).then(() => order.push("printed"));
  await writing;
  order.push("written");
  stream.take();
  await printing;
  expect(order).toEqual(["written", "printed"]);
});

test("takes a reader that has gone for no error, and anything else for one", async () => {
  const stream = new SlowStream();
  tolerateBrokenPipe(stream);
  const writing = once(stream, "writing");
  const printing = run(() => print(stream, "text"));
  await writing;
  stream.take(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  await printing;
  expect(() =>
    stream.emit("error", Object.assign(new Error("no space"), { code: "ENOSPC" })),
  ).toThrow("no space");
});

test("can be cancelled while the stream is stuck", async () => {
  const stream = new SlowStream();
  const { cancelledCaught } = await run(() => moveOnAfter(1, () => print(stream, "text")));
  expect(cancelledCaught).toBe(true);
});
