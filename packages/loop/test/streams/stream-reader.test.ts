import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { CancelledError } from "../../src/cancelled-error.js";
import { createTask } from "../../src/create-task.js";
import { InvalidStateError } from "../../src/invalid-state-error.js";
import { NoLoopError } from "../../src/no-loop-error.js";
import { sleep } from "../../src/sleep.js";
import { IncompleteReadError, LimitOverrunError } from "../../src/streams/stream-errors.js";
import { StreamReader, type StreamReaderOptions } from "../../src/streams/stream-reader.js";
import { timeout } from "../../src/timeout.js";
import { waitFor } from "../../src/wait-for.js";
import { messages } from "../on-virtual-time.js";

/** Runs a body with a reader that it feeds itself, on virtual time. */
async function withReader(
  body: (reader: StreamReader) => Promise<void>,
  options: StreamReaderOptions = {},
): Promise<void> {
  await messages(() => body(new StreamReader(options)));
}

const bytes = (text: string): Buffer => Buffer.from(text);

test("read gives what is there, at most so much; without a number everything up to the end", () =>
  withReader(async (reader) => {
    reader.feedData(bytes("hello world"));
    expect(String(await reader.read(5))).toBe("hello");
    expect(String(await reader.read(100))).toBe(" world");
    expect(await reader.read(0)).toEqual(Buffer.alloc(0));
    reader.feedData(bytes("the "));
    const reading = createTask(() => reader.read());
    await sleep(1);
    reader.feedData(bytes("rest"));
    await sleep(1);
    reader.feedEof();
    expect(String(await reading)).toBe("the rest");
    expect(await reader.read()).toEqual(Buffer.alloc(0));
    expect(await reader.read(1)).toEqual(Buffer.alloc(0));
  }));

test("read waits for the first bytes, and does not wait for more", () =>
  withReader(async (reader) => {
    const reading = createTask(() => reader.read(100));
    await sleep(1);
    expect(reading.done()).toBe(false);
    reader.feedData(bytes("some"));
    expect(String(await reading)).toBe("some");
  }));

test("readexactly waits for all of it, and tells what came where the stream ends before", () =>
  withReader(async (reader) => {
    const reading = createTask(() => reader.readexactly(6));
    for (const piece of ["ab", "cd", "efgh"]) {
      reader.feedData(bytes(piece));
      await sleep(1);
    }
    expect(String(await reading)).toBe("abcdef");
    expect(await reader.readexactly(0)).toEqual(Buffer.alloc(0));
    reader.feedEof();
    const error = await reader.readexactly(3).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(IncompleteReadError);
    expect(error).toMatchObject({ partial: bytes("gh"), expected: 3 });
    expect(reader.atEof()).toBe(true);
  }));

test("readexactly may ask for more than the limit", () =>
  withReader(
    async (reader) => {
      const reading = createTask(() => reader.readexactly(100));
      await sleep(0);
      reader.feedData(Buffer.alloc(100, "x"));
      expect((await reading).length).toBe(100);
    },
    { limit: 4 },
  ));

test("readuntil gives the separator with what is before it, wherever the pieces are cut", () =>
  withReader(async (reader) => {
    const reading = createTask(() => reader.readuntil("SEPARATOR"));
    for (const piece of ["some textSEP", "ARA", "TORmore"]) {
      await sleep(1);
      reader.feedData(bytes(piece));
    }
    expect(String(await reading)).toBe("some textSEPARATOR");
    expect(String(await reader.readuntil(bytes("r")))).toBe("mor");
    reader.feedEof();
    const error = await reader.readuntil("x").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ partial: bytes("e"), expected: undefined });
  }));

test("a separator that comes with the end is found", () =>
  withReader(async (reader) => {
    reader.feedData(bytes("line\n"));
    reader.feedEof();
    expect(String(await reader.readuntil())).toBe("line\n");
  }));

test("beyond the limit readuntil throws and takes nothing", () =>
  withReader(
    async (reader) => {
      reader.feedData(bytes("abcdef\n"));
      const late = await reader.readuntil().catch((thrown: unknown) => thrown);
      expect(late).toBeInstanceOf(LimitOverrunError);
      expect(late).toMatchObject({ consumed: 6 });
      expect(String(await reader.readexactly(7))).toBe("abcdef\n");
      reader.feedData(bytes("abcdef"));
      await expect(reader.readuntil()).rejects.toMatchObject({ consumed: 6 });
      expect(String(await reader.read(100))).toBe("abcdef");
    },
    { limit: 5 },
  ));

test("beyond the limit readline throws the line away, and no more than that", () =>
  withReader(
    async (reader) => {
      reader.feedData(bytes("too long\nnext\n"));
      await expect(reader.readline()).rejects.toThrow(LimitOverrunError);
      expect(String(await reader.readline())).toBe("next\n");
      reader.feedData(bytes("no end in sight"));
      await expect(reader.readline()).rejects.toThrow("the first 5 bytes");
      reader.feedData(bytes("after\n"));
      expect(String(await reader.readline())).toBe("after\n");
    },
    { limit: 5 },
  ));

test("lines: with their newlines, the last one without, and then nothing", () =>
  withReader(async (reader) => {
    reader.feedData(bytes("one\n\ntwo\r\nthree"));
    reader.feedEof();
    const lines: string[] = [];
    for await (const line of reader) lines.push(String(line));
    expect(lines).toEqual(["one\n", "\n", "two\r\n", "three"]);
    expect(await reader.readline()).toEqual(Buffer.alloc(0));
  }));

test("leaving the iteration leaves the rest to be read", () =>
  withReader(async (reader) => {
    reader.feedData(bytes("one\ntwo\n"));
    for await (const line of reader) {
      expect(String(line)).toBe("one\n");
      break;
    }
    expect(String(await reader.readline())).toBe("two\n");
  }));

for (const [title, read] of [
  ["read", (reader: StreamReader, signal?: AbortSignal) => reader.read(-1, { signal })],
  [
    "readexactly",
    (reader: StreamReader, signal?: AbortSignal) => reader.readexactly(9, { signal }),
  ],
  ["readuntil", (reader: StreamReader, signal?: AbortSignal) => reader.readuntil(".", { signal })],
  ["readline", (reader: StreamReader, signal?: AbortSignal) => reader.readline({ signal })],
] as const) {
  test(`${title} that is cancelled, late or aborted has taken nothing`, () =>
    withReader(async (reader) => {
      const controller = new AbortController();
      const task = createTask(() => read(reader));
      reader.feedData(bytes("ab"));
      await sleep(1);
      task.cancel();
      await task.catch(() => {});
      const late = waitFor(() => read(reader), 5);
      reader.feedData(bytes("cd"));
      await expect(late).rejects.toThrow("its time is over");
      const aborted = read(reader, controller.signal);
      reader.feedData(bytes("ef"));
      await sleep(1);
      controller.abort(new Error("the user left"));
      await expect(aborted).rejects.toThrow("the user left");
      await expect(read(reader, controller.signal)).rejects.toThrow("the user left");
      expect(String(await reader.read(100))).toBe("abcdef");
    }));
}

test("a read whose task is cancelled when its data has come leaves it for the next", () =>
  withReader(async (reader) => {
    const task = createTask(() => reader.read(10));
    await sleep(1);
    reader.feedData(bytes("data"));
    task.cancel();
    await expect(task).rejects.toThrow(CancelledError);
    expect(task.cancelled()).toBe(true);
    expect(String(await reader.read(10))).toBe("data");
  }));

test("a deadline ends a read", () =>
  withReader(async (reader) => {
    await expect(timeout(10, () => reader.read(1))).rejects.toThrow("its time is over");
  }));

test("one task reads at a time", () =>
  withReader(async (reader) => {
    const task = createTask(() => reader.readline());
    await sleep(1);
    await expect(reader.read(1)).rejects.toThrow(InvalidStateError);
    reader.feedData(bytes("line\n"));
    expect(String(await task)).toBe("line\n");
  }));

test("a failed stream throws, for who waits and for all that come", () =>
  withReader(async (reader) => {
    const task = createTask(() => reader.read(1));
    await sleep(1);
    reader.setException(new Error("reset"));
    await expect(task).rejects.toThrow("reset");
    await expect(reader.readline()).rejects.toThrow("reset");
    expect(reader.exception()).toEqual(new Error("reset"));
  }));

test("with more than twice the limit it pauses its source, and lets it go on at the limit or when more is wanted", () =>
  withReader(
    async (reader) => {
      const log: string[] = [];
      reader.setSource({
        description: "data of a test",
        pauseReading: () => void log.push("pause"),
        resumeReading: () => void log.push("resume"),
      });
      reader.feedData(bytes("12345678"));
      expect(log).toEqual([]);
      reader.feedData(bytes("9"));
      reader.feedData(bytes("0"));
      expect(log).toEqual(["pause"]);
      await reader.read(5);
      expect(log).toEqual(["pause"]);
      await reader.read(1);
      expect(log).toEqual(["pause", "resume"]);
      reader.feedData(bytes("56789"));
      const reading = createTask(() => reader.readexactly(20));
      await sleep(0);
      await sleep(0);
      expect(log).toEqual(["pause", "resume", "pause", "resume"]);
      reader.feedData(bytes("12345678901"));
      await reading;
    },
    { limit: 4 },
  ));

test("refuses bad counts, separators and limits, and data after the end", () =>
  withReader(async (reader) => {
    await expect(reader.read(1.5)).rejects.toThrow(ArgumentError);
    await expect(reader.readexactly(-1)).rejects.toThrow(ArgumentError);
    await expect(reader.readuntil("")).rejects.toThrow(ArgumentError);
    await expect(reader.readuntil(new Uint8Array())).rejects.toThrow(ArgumentError);
    await expect(reader.readuntil(10 as never)).rejects.toThrow("Cannot read up to 10");
    await expect(reader.read(1, { signal: "stop" as never })).rejects.toThrow(ArgumentError);
    for (const limit of [0, -1, 1.5, Number.NaN]) {
      expect(() => new StreamReader({ limit })).toThrow(ArgumentError);
    }
    reader.feedEof();
    reader.feedEof();
    expect(() => reader.feedData(bytes("late"))).toThrow(InvalidStateError);
  }));

test("needs a loop", () => {
  expect(() => new StreamReader()).toThrow(NoLoopError);
});
