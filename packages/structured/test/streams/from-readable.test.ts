import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  BusyResourceError,
  CancelScope,
  checkpoint,
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  run as runOnPlatform,
} from "../../src/index.js";
import { acloseForcefully, closing, fromReadable } from "../../src/streams.js";
import { assertCheckpoints, waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { listenersOf } from "./listeners.js";
import { bytes, text, textOf } from "./text.js";

describe("fromReadable", () => {
  test("gives the bytes of a Readable until its end, and the end for ever (ABC-6, ABC-9)", async () => {
    const { run } = virtualRun();
    const readable = Readable.from([bytes("one"), bytes("two")], { objectMode: false });
    const stream = fromReadable(readable);
    await run(function* () {
      expect(yield* textOf(stream)).toBe("onetwo");
      expect(yield* assertCheckpoints(() => stream.receiveSome())).toHaveLength(0);
      expect(yield* stream.receiveSome(5)).toHaveLength(0);
      yield* stream.aclose();
    });
    expect(readable.destroyed).toBe(true);
  });

  test("gives plain Uint8Arrays, at most as many bytes as are wanted, and keeps the rest (ABC-6)", async () => {
    const { run } = virtualRun();
    const stream = fromReadable(Readable.from([Buffer.from("12345")], { objectMode: false }));
    await run(function* () {
      const first = yield* stream.receiveSome(2);
      expect(first.constructor).toBe(Uint8Array);
      expect(text(first)).toBe("12");
      expect(text(yield* stream.receiveSome(1))).toBe("3");
      expect(text(yield* stream.receiveSome())).toBe("45");
      expect(yield* stream.receiveSome()).toHaveLength(0);
    });
  });

  test("reads nothing before it is asked to, and listens for data only while a task waits", async () => {
    const { run } = virtualRun();
    let reads = 0;
    const readable = new Readable({ read: () => void reads++ });
    const before = listenersOf(readable);
    const stream = fromReadable(readable);
    expect(reads).toBe(0);
    await run(() =>
      openNursery(function* (nursery) {
        const scope = new CancelScope();
        nursery.startSoon(() => scope.run(() => stream.receiveSome()));
        yield* waitAllTasksBlocked();
        expect(reads).toBe(1);
        expect(readable.listenerCount("readable")).toBe(1);
        scope.cancel();
        yield* checkpoint();
        expect(readable.listenerCount("readable")).toBe(0);
        readable.push(bytes("kept"));
        expect(text(yield* stream.receiveSome())).toBe("kept");
        yield* stream.aclose();
        yield* stream.aclose();
      }),
    );
    expect(listenersOf(readable)).toEqual(before);
  });

  test("loses nothing when the data comes and the receive is cancelled at the same time (ABC-6)", async () => {
    const { run } = virtualRun();
    const readable = new PassThrough();
    const stream = fromReadable(readable);
    const got: string[] = [];
    await run(function* () {
      for (const letter of "abcdef") {
        yield* openNursery(function* (nursery) {
          const scope = new CancelScope();
          nursery.startSoon(() =>
            scope.run(function* () {
              got.push(text(yield* stream.receiveSome()));
            }),
          );
          yield* waitAllTasksBlocked();
          readable.write(letter);
          for (let i = 0; i < got.length % 3; i++) yield* checkpoint();
          scope.cancel();
        });
      }
      readable.end();
      got.push(yield* textOf(stream));
    });
    expect(got.join("")).toBe("abcdef");
  });

  test("fails with ClosedResourceError after its closing, also where a task waits (ABC-7)", async () => {
    const { run } = virtualRun();
    const readable = new PassThrough();
    const stream = fromReadable(readable);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ClosedResourceError);
        });
        yield* waitAllTasksBlocked();
        yield* stream.aclose();
        expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ClosedResourceError);
      }),
    );
    expect(listenersOf(readable)).not.toHaveProperty("readable");
  });

  test("closes also where it is cancelled, and leaves no listener (ABC-2)", async () => {
    const { run } = virtualRun();
    const readable = new Readable({ read() {} });
    const before = listenersOf(readable);
    const stream = fromReadable(readable);
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(0, () => stream.aclose());
      expect(cancelledCaught).toBe(true);
    });
    expect(readable.destroyed).toBe(true);
    await new Promise((resolve) => readable.once("close", resolve));
    expect(listenersOf(readable)).toEqual(before);
  });

  test("gives the data that came before a failure first", async () => {
    const { run } = virtualRun();
    const readable = new Readable({ read() {} });
    const stream = fromReadable(readable);
    await run(function* () {
      readable.push(bytes("last words"));
      readable.destroy(new Error("reset"));
      yield* waitAllTasksBlocked();
      expect(text(yield* stream.receiveSome())).toBe("last words");
      expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(BrokenResourceError);
    });
  });

  test("tells of a failure with its cause, also a task that waits", async () => {
    const { run } = virtualRun();
    const readable = new PassThrough();
    const stream = fromReadable(readable);
    const reset = new Error("reset");
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          const error = yield* caughtBy(() => stream.receiveSome());
          expect(error).toBeInstanceOf(BrokenResourceError);
          expect(error).toMatchObject({ cause: reset });
        });
        yield* waitAllTasksBlocked();
        readable.destroy(reset);
      }),
    );
    await run(function* () {
      expect(yield* caughtBy(() => stream.receiveSome())).toMatchObject({ cause: reset });
      yield* stream.aclose();
    });
  });

  test("survives a failure while nobody receives, and tells of it later", async () => {
    const { run } = virtualRun();
    const readable = new PassThrough();
    const stream = fromReadable(readable);
    const reset = new Error("reset");
    await run(function* () {
      readable.destroy(reset);
      yield* waitAllTasksBlocked();
      expect(yield* caughtBy(() => stream.receiveSome())).toMatchObject({ cause: reset });
    });
  });

  test("tells a premature close from the end", async () => {
    const { run } = virtualRun();
    const readable = new PassThrough();
    const stream = fromReadable(readable);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          const error = yield* caughtBy(() => stream.receiveSome());
          expect(error).toBeInstanceOf(BrokenResourceError);
          expect(String(error)).toContain("before its end");
        });
        yield* waitAllTasksBlocked();
        readable.destroy();
      }),
    );
  });

  test("takes what has happened to a Readable before", async () => {
    const { run } = virtualRun();
    const ended = Readable.from([], { objectMode: false });
    ended.resume();
    const failed = new PassThrough();
    failed.on("error", () => {});
    failed.destroy(new Error("reset"));
    await new Promise((resolve) => ended.once("close", resolve));
    await run(function* () {
      expect(yield* fromReadable(ended).receiveSome()).toHaveLength(0);
      expect(yield* caughtBy(() => fromReadable(failed).receiveSome())).toBeInstanceOf(
        BrokenResourceError,
      );
      yield* fromReadable(failed).aclose();
    });
  });

  test("refuses a second task, which takes nothing from the first (ABC-6)", async () => {
    const { run } = virtualRun();
    const readable = new PassThrough();
    const stream = fromReadable(readable);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          expect(text(yield* stream.receiveSome())).toBe("mine");
        });
        yield* waitAllTasksBlocked();
        expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(BusyResourceError);
        readable.write("mine");
      }),
    );
  });

  test("closes one that does not tell when it has closed", async () => {
    const { run } = virtualRun();
    const readable = new Readable({ read() {}, emitClose: false });
    await run(() => fromReadable(readable).aclose());
    expect(readable.destroyed).toBe(true);
    expect(Object.keys(listenersOf(readable)).toSorted()).toEqual(["close", "error"]);
  });

  test("refuses a number of bytes that is none, and chunks that are no bytes", async () => {
    const { run } = virtualRun();
    const readable = new PassThrough();
    const stream = fromReadable(readable);
    readable.setEncoding("utf8");
    readable.write("text");
    await run(function* () {
      expect(yield* caughtBy(() => stream.receiveSome(0))).toBeInstanceOf(ArgumentError);
      expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ArgumentError);
    });
  });

  test.each([
    undefined,
    {},
    "text",
    new ReadableStream(),
    Readable.from(["objects"]),
    new PassThrough({ encoding: "utf8" }),
  ])("refuses what is no Readable of bytes: %s", (readable) => {
    expect(() => fromReadable(readable as Readable)).toThrow(ArgumentError);
  });
});

describe("fromReadable, on files and processes", () => {
  test("reads a file, and fails for one that is not there with the platform's error", async () => {
    await runOnPlatform(function* () {
      const source = yield* closing(fromReadable(createReadStream(import.meta.filename)), textOf);
      expect(source).toContain("reads a file, and fails");
      const missing = fromReadable(createReadStream(`${import.meta.filename}.missing`));
      const error = yield* caughtBy(() => missing.receiveSome());
      expect(error).toMatchObject({ cause: { code: "ENOENT" } });
      yield* missing.aclose();
    });
  });

  test("reads what a process prints", async () => {
    const child = spawn(process.execPath, ["-p", "40 + 2"]);
    await runOnPlatform(function* () {
      expect(yield* textOf(fromReadable(child.stdout))).toBe("42\n");
      yield* acloseForcefully(fromReadable(child.stderr));
    });
  });
});
