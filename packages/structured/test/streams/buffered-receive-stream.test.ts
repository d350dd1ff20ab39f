import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BusyResourceError,
  CancelScope,
  checkpoint,
  ClosedResourceError,
  moveOnAfter,
  openNursery,
} from "../../src/index.js";
import {
  BufferedReceiveStream,
  DelimiterNotFoundError,
  IncompleteReadError,
} from "../../src/streams.js";
import { assertCheckpoints, MemoryReceiveStream, waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { bytes, text, textOf } from "./text.js";

/** A reader of a stream that has got these chunks already, and the end after them. */
function readerOf(...chunks: string[]): BufferedReceiveStream {
  let next = 0;
  const stream = new MemoryReceiveStream({
    *receiveSomeHook() {
      yield* checkpoint();
      const chunk = chunks[next++];
      if (chunk === undefined) stream.putEof();
      else stream.putData(bytes(chunk));
    },
  });
  return new BufferedReceiveStream(stream);
}

describe("readExactly", () => {
  test("gives so many bytes, however they came, and keeps the others", async () => {
    const { run } = virtualRun();
    const reader = readerOf("ab", "c", "defgh");
    await run(function* () {
      expect(text(yield* reader.readExactly(4))).toBe("abcd");
      expect(text(yield* assertCheckpoints(() => reader.readExactly(2)))).toBe("ef");
      expect(yield* assertCheckpoints(() => reader.readExactly(0))).toHaveLength(0);
      expect(text(yield* assertCheckpoints(() => reader.receiveSome(1)))).toBe("g");
      expect(yield* textOf(reader)).toBe("h");
    });
  });

  test("tells of an end that comes too early, and keeps what has come", async () => {
    const { run } = virtualRun();
    const reader = readerOf("abc");
    await run(function* () {
      const error = yield* caughtBy(() => reader.readExactly(4));
      expect(error).toBeInstanceOf(IncompleteReadError);
      expect(error).toMatchObject({ available: 3 });
      expect(text(yield* reader.readExactly(3))).toBe("abc");
    });
  });

  test.each([-1, 1.5, Number.NaN, "1", undefined])("refuses %s bytes", async (count) => {
    const { run } = virtualRun();
    await run(function* () {
      const error = yield* caughtBy(() => readerOf().readExactly(count as number));
      expect(error).toBeInstanceOf(ArgumentError);
    });
  });
});

describe("readUntil", () => {
  test("gives what is before the delimiter, also one that comes in pieces", async () => {
    const { run } = virtualRun();
    const reader = readerOf("one\r", "\n\rtwo\r\r\n", "\r\nrest");
    await run(function* () {
      const lines: string[] = [];
      for (let i = 0; i < 3; i++) lines.push(text(yield* reader.readUntil(bytes("\r\n"))));
      expect(lines).toEqual(["one", "\rtwo\r", ""]);
      expect(yield* caughtBy(() => reader.readUntil(bytes("\r\n")))).toBeInstanceOf(
        IncompleteReadError,
      );
      expect(yield* textOf(reader)).toBe("rest");
    });
  });

  test("gives up where the delimiter does not come in time, and keeps what has come", async () => {
    const { run } = virtualRun();
    const reader = readerOf("1234", "56;");
    await run(function* () {
      for (const maxBytes of [0, 3, 5]) {
        const error = yield* caughtBy(() => reader.readUntil(bytes(";"), { maxBytes }));
        expect(error).toBeInstanceOf(DelimiterNotFoundError);
        expect(error).toMatchObject({ maxBytes });
      }
      expect(text(yield* reader.readUntil(bytes(";"), { maxBytes: 6 }))).toBe("123456");
    });
  });

  test("reads no more than it must to know that the delimiter does not come", async () => {
    const { run } = virtualRun();
    const reader = readerOf(...Array.from({ length: 100 }, () => "x".repeat(1000)));
    await run(function* () {
      expect(yield* caughtBy(() => reader.readUntil(bytes(";")))).toMatchObject({
        maxBytes: 65_536,
      });
      expect((yield* reader.receiveSome()).length).toBeLessThan(67_000);
    });
  });

  test("refuses a delimiter without bytes, or of another type", async () => {
    const { run } = virtualRun();
    await run(function* () {
      for (const bad of [new Uint8Array(0), ";" as never, undefined as never]) {
        expect(yield* caughtBy(() => readerOf().readUntil(bad))).toBeInstanceOf(ArgumentError);
      }
    });
  });
});

describe("readLine", () => {
  test("gives lines with either ending, a last one without, and undefined at the end", async () => {
    const { run } = virtualRun();
    const reader = readerOf("one\ntw", "o\r\n\nfö", "ur\r");
    const lines: string[] = [];
    await run(function* () {
      yield* reader.eachLine(function* (line) {
        lines.push(line);
      });
      expect(yield* reader.readLine()).toBeUndefined();
    });
    expect(lines).toEqual(["one", "two", "", "föur\r"]);
  });

  test("puts a letter together whose bytes come one by one", async () => {
    const { run } = virtualRun();
    const stream = new MemoryReceiveStream();
    const reader = new BufferedReceiveStream(stream);
    const euro = bytes("€\n");
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          for (const byte of euro) {
            stream.putData(new Uint8Array([byte]));
            yield* waitAllTasksBlocked();
          }
        });
        expect(yield* reader.readLine()).toBe("€");
      }),
    );
  });
});

describe("a BufferedReceiveStream", () => {
  test("loses nothing when a read is cancelled, wherever that is (ABC-6)", async () => {
    const { run } = virtualRun();
    for (let rounds = 0; rounds < 12; rounds++) {
      const reader = readerOf("one", " two", "\nthree");
      await run(function* () {
        yield* openNursery(function* (nursery) {
          const scope = new CancelScope();
          nursery.startSoon(() => scope.run(() => reader.readUntil(bytes("\n\n"))));
          for (let i = 0; i < rounds; i++) yield* checkpoint();
          scope.cancel();
        });
        expect(yield* reader.readLine()).toBe("one two");
        yield* moveOnAfter(0, () => reader.readLine());
        expect(yield* reader.readLine()).toBe("three");
      });
    }
  });

  test("is closed with its stream, and what it kept is gone (ABC-7)", async () => {
    const { run } = virtualRun();
    const stream = new MemoryReceiveStream();
    const reader = new BufferedReceiveStream(stream);
    stream.putData(bytes("kept\nkept"));
    await run(() =>
      openNursery(function* (nursery) {
        expect(yield* reader.readLine()).toBe("kept");
        nursery.startSoon(function* () {
          expect(yield* caughtBy(() => reader.readLine())).toBeInstanceOf(ClosedResourceError);
        });
        yield* waitAllTasksBlocked();
        yield* reader.aclose();
        for (const read of [
          () => reader.receiveSome(),
          () => reader.readExactly(1),
          () => reader.readLine(),
        ]) {
          expect(yield* caughtBy(read)).toBeInstanceOf(ClosedResourceError);
        }
        expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ClosedResourceError);
      }),
    );
  });

  test("is read by one task at a time (ABC-6)", async () => {
    const { run } = virtualRun();
    const reader = new BufferedReceiveStream(new MemoryReceiveStream());
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => reader.readLine());
        yield* waitAllTasksBlocked();
        expect(yield* caughtBy(() => reader.receiveSome())).toBeInstanceOf(BusyResourceError);
        nursery.cancelScope.cancel();
      }),
    );
  });
});
