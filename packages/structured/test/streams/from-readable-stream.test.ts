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
} from "../../src/index.js";
import { fromReadableStream } from "../../src/streams.js";
import { assertCheckpoints, waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { bytes, text, textOf } from "./text.js";

/** A ReadableStream that the test puts chunks into, and that notes what is asked of it. */
function source(cancel?: () => unknown) {
  const asked: string[] = [];
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const readable = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
      },
      pull() {
        asked.push("pull");
      },
      cancel() {
        asked.push("cancel");
        return cancel?.() as undefined;
      },
    },
    { highWaterMark: 0 },
  );
  return { readable, controller, asked };
}

describe("fromReadableStream", () => {
  test("gives the bytes until the end, and the end for ever (ABC-6, ABC-9)", async () => {
    const { run } = virtualRun();
    const { readable, controller } = source();
    const stream = fromReadableStream(readable);
    controller.enqueue(bytes("one"));
    controller.enqueue(new Uint8Array(0));
    controller.enqueue(bytes("two"));
    controller.close();
    await run(function* () {
      expect(yield* textOf(stream)).toBe("onetwo");
      expect(yield* assertCheckpoints(() => stream.receiveSome())).toHaveLength(0);
      yield* stream.aclose();
    });
    expect(readable.locked).toBe(false);
  });

  test("gives at most as many bytes as are wanted, and keeps the rest (ABC-6)", async () => {
    const { run } = virtualRun();
    const { readable, controller } = source();
    const stream = fromReadableStream(readable);
    controller.enqueue(bytes("12345"));
    await run(function* () {
      expect(text(yield* stream.receiveSome(2))).toBe("12");
      expect(text(yield* assertCheckpoints(() => stream.receiveSome(1)))).toBe("3");
      expect(text(yield* stream.receiveSome())).toBe("45");
    });
  });

  test("asks for nothing before it is asked itself", async () => {
    const { run } = virtualRun();
    const { readable, asked } = source();
    const stream = fromReadableStream(readable);
    await run(function* () {
      yield* waitAllTasksBlocked();
      expect(asked).toEqual([]);
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => stream.receiveSome());
        yield* waitAllTasksBlocked();
        expect(asked).toEqual(["pull"]);
        nursery.cancelScope.cancel();
      });
    });
  });

  test("loses nothing when a receive is cancelled, before or while the data comes (ABC-6)", async () => {
    const { run } = virtualRun();
    const { readable, controller } = source();
    const stream = fromReadableStream(readable);
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
          controller.enqueue(bytes(letter));
          for (let i = 0; i < got.length % 3; i++) yield* checkpoint();
          scope.cancel();
        });
      }
      controller.close();
      got.push(yield* textOf(stream));
    });
    expect(got.join("")).toBe("abcdef");
  });

  test("tells of a failure with its cause, for ever", async () => {
    const { run } = virtualRun();
    const { readable, controller } = source();
    const stream = fromReadableStream(readable);
    const reset = new Error("reset");
    controller.error(reset);
    await run(function* () {
      for (let i = 0; i < 2; i++) {
        const error = yield* caughtBy(() => stream.receiveSome());
        expect(error).toBeInstanceOf(BrokenResourceError);
        expect(error).toMatchObject({ cause: reset });
      }
      yield* stream.aclose();
    });
    expect(readable.locked).toBe(false);
  });

  test("cancels the ReadableStream when it is closed, and wakes who waits (ABC-2, ABC-7)", async () => {
    const { run } = virtualRun();
    const { readable, asked } = source();
    const stream = fromReadableStream(readable);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ClosedResourceError);
        });
        yield* waitAllTasksBlocked();
        yield* assertCheckpoints(() => stream.aclose());
        yield* assertCheckpoints(() => stream.aclose());
        expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ClosedResourceError);
      }),
    );
    expect(asked).toEqual(["pull", "cancel"]);
    expect(readable.locked).toBe(false);
  });

  test("does not wait for the source to close where it is cancelled (ABC-2)", async () => {
    const { run } = virtualRun();
    const { readable, asked } = source(() => new Promise(() => {}));
    await run(() => moveOnAfter(0, () => fromReadableStream(readable).aclose()));
    expect(asked).toEqual(["cancel"]);
    expect(readable.locked).toBe(false);
  });

  test("tells of a source that cannot be closed", async () => {
    const { run } = virtualRun();
    const stuck = new Error("stuck");
    const { readable } = source(() => Promise.reject(stuck));
    await run(function* () {
      const error = yield* caughtBy(() => fromReadableStream(readable).aclose());
      expect(error).toBeInstanceOf(BrokenResourceError);
      expect(error).toMatchObject({ cause: stuck });
    });
  });

  test("refuses a second task, and chunks that are no bytes (ABC-6)", async () => {
    const { run } = virtualRun();
    const { readable, controller } = source();
    const stream = fromReadableStream(readable);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(ArgumentError);
        });
        yield* waitAllTasksBlocked();
        expect(yield* caughtBy(() => stream.receiveSome())).toBeInstanceOf(BusyResourceError);
        controller.enqueue("text" as never);
      }),
    );
  });

  test.each([undefined, {}, locked()])("refuses what it cannot read: %s", (readable) => {
    expect(() => fromReadableStream(readable as ReadableStream)).toThrow(ArgumentError);
  });
});

function locked(): ReadableStream {
  const readable = new ReadableStream();
  readable.getReader();
  return readable;
}
