import { PassThrough, Readable, Writable } from "node:stream";
import { expect, test, vi } from "vitest";
import { ReadPipe, WritePipe } from "../../src/loop/pipe-transports.js";
import { until } from "../processes.js";

test("a pipe to write into sends, ends, and tells when it is closed", async () => {
  const sent: string[] = [];
  let go = (): void => {};
  const stream = new Writable({
    write: (data, _encoding, done) => {
      sent.push(String(data));
      go = done;
    },
  });
  const lost = vi.fn<(error: unknown) => void>();
  const pipe = new WritePipe(stream, lost);
  pipe.write(Buffer.from("hello"));
  expect([pipe.getWriteBufferSize(), pipe.isClosing()]).toEqual([5, false]);
  pipe.close();
  pipe.close();
  pipe.write(Buffer.from("more"));
  expect([pipe.isClosing(), sent]).toEqual([true, ["hello"]]);
  go();
  await until(() => lost.mock.calls.length > 0);
  expect(lost.mock.calls).toEqual([[undefined]]);
  const broken = vi.fn<(error: unknown) => void>();
  const other = new PassThrough();
  const failing = new WritePipe(other, broken);
  const error = new Error("EPIPE");
  other.destroy(error);
  await until(() => broken.mock.calls.length > 0);
  expect(broken.mock.calls).toEqual([[error]]);
  failing.abort();
});

test("a pipe to read from gives what comes, not while it is paused, and closes", async () => {
  const stream = new PassThrough();
  const read: string[] = [];
  const lost = vi.fn<(error: unknown) => void>();
  const pipe = new ReadPipe(stream, (data) => read.push(String(data)), lost);
  stream.write("one");
  await until(() => read.length > 0);
  pipe.pauseReading();
  stream.write("two");
  await new Promise((resolve) => setImmediate(resolve));
  expect([read, pipe.isClosing()]).toEqual([["one"], false]);
  pipe.resumeReading();
  expect(read).toEqual(["one", "two"]);
  pipe.close();
  await until(() => lost.mock.calls.length > 0);
  expect([lost.mock.calls, pipe.isClosing()]).toEqual([[[undefined]], true]);
});

test("one that was closed before is lost at once", async () => {
  const stream = Readable.from([], { objectMode: false });
  stream.resume();
  await until(() => stream.closed);
  const lost = vi.fn<(error: unknown) => void>();
  expect(new ReadPipe(stream, () => {}, lost).isClosing()).toBe(true);
  expect(lost.mock.calls).toEqual([[undefined]]);
});
