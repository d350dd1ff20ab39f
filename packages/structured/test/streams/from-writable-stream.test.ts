import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  type Operation,
} from "../../src/index.js";
import {
  fromReadableStream,
  fromWritableStream,
  StapledStream,
  type ReceiveStream,
  type SendStream,
} from "../../src/streams.js";
import { assertCheckpoints, checkTwoWayStream, waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { clog } from "./clog.js";
import { bytes, text } from "./text.js";

/** A WritableStream that notes what is asked of it, and has done with each chunk when the test says so. */
function sink() {
  const asked: string[] = [];
  let settle: (error?: Error) => void = () => {};
  const wait = () =>
    new Promise<void>((resolve, reject) => {
      settle = (error) => (error === undefined ? resolve() : reject(error));
    });
  const writable = new WritableStream<Uint8Array>({
    write(chunk) {
      asked.push(text(chunk));
      return wait();
    },
    close: () => void asked.push("close"),
    abort: () => void asked.push("abort"),
  });
  return { writable, asked, settle: (error?: Error) => settle(error) };
}

function link(): [SendStream, ReceiveStream] {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  return [fromWritableStream(writable), fromReadableStream(readable)];
}

function* make(): Operation<[StapledStream, StapledStream]> {
  const [leftSend, rightReceive] = link();
  const [rightSend, leftReceive] = link();
  return [new StapledStream(leftSend, leftReceive), new StapledStream(rightSend, rightReceive)];
}

function* makeClogged(): ReturnType<typeof make> {
  const pair = yield* make();
  for (const stream of pair) yield* clog(stream);
  return pair;
}

describe("fromWritableStream", () => {
  test("makes streams that do what all streams must, with fromReadableStream (TST-12, ABC-4 to ABC-7)", () =>
    virtualRun().run(() => checkTwoWayStream(make, makeClogged)));

  test("waits until the WritableStream has done with the data (ABC-4)", async () => {
    const { run, trace, log } = virtualRun();
    const { writable, asked, settle } = sink();
    const stream = fromWritableStream(writable);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* assertCheckpoints(() => stream.sendAll(bytes("one")));
          log("sent");
        });
        yield* waitAllTasksBlocked();
        log(`asked: ${asked.join()}`);
        settle();
      }),
    );
    expect(trace.messages).toEqual(["asked: one", "sent"]);
  });

  test("lets a cancelled send go, and the next one waits for what it left behind", async () => {
    const { run } = virtualRun();
    const { writable, asked, settle } = sink();
    const stream = fromWritableStream(writable);
    await run(() =>
      openNursery(function* (nursery) {
        yield* clog(stream);
        nursery.startSoon(() => stream.sendAll(bytes("two")));
        yield* waitAllTasksBlocked();
        expect(asked).toEqual(["\0"]);
        settle();
        yield* waitAllTasksBlocked();
        expect(asked).toEqual(["\0", "two"]);
        settle();
      }),
    );
  });

  test("has written all when it is closed, and may be closed again (ABC-2)", async () => {
    const { run } = virtualRun();
    const { writable, asked } = sink();
    const stream = fromWritableStream(writable);
    await run(function* () {
      yield* assertCheckpoints(() => stream.sendAll(new Uint8Array(0)));
      yield* assertCheckpoints(() => stream.aclose());
      yield* assertCheckpoints(() => stream.aclose());
      expect(yield* caughtBy(() => stream.sendAll(bytes("x")))).toBeInstanceOf(ClosedResourceError);
    });
    expect(asked).toEqual(["close"]);
    expect(writable.locked).toBe(false);
  });

  test("aborts the WritableStream where the closing is cancelled, or a send was given up (ABC-2)", async () => {
    const { run } = virtualRun();
    const cancelled = sink();
    const givenUp = sink();
    await run(function* () {
      yield* moveOnAfter(0, () => fromWritableStream(cancelled.writable).aclose());
      const stream = fromWritableStream(givenUp.writable);
      yield* clog(stream);
      yield* stream.aclose();
      givenUp.settle();
      yield* waitAllTasksBlocked();
    });
    expect(cancelled.asked).toEqual(["abort"]);
    expect(givenUp.asked).toEqual(["\0", "abort"]);
    expect(givenUp.writable.locked).toBe(false);
  });

  test("tells of a failed write with its cause, now and later", async () => {
    const { run } = virtualRun();
    const { writable, settle } = sink();
    const stream = fromWritableStream(writable);
    const full = new Error("disk full");
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          for (const data of [bytes("one"), bytes("two"), new Uint8Array(0)]) {
            const error = yield* caughtBy(() => stream.sendAll(data));
            expect(error).toBeInstanceOf(BrokenResourceError);
            expect(error).toMatchObject({ cause: full });
          }
          expect(yield* caughtBy(() => stream.waitSendAllMightNotBlock())).toMatchObject({
            cause: full,
          });
          yield* stream.aclose();
        });
        yield* waitAllTasksBlocked();
        settle(full);
      }),
    );
  });

  test("tells of data that could not be written when it is closed (ABC-2)", async () => {
    const { run } = virtualRun();
    const full = new Error("disk full");
    const writable = new WritableStream({ close: () => Promise.reject(full) });
    await run(function* () {
      const error = yield* caughtBy(() => fromWritableStream(writable).aclose());
      expect(error).toBeInstanceOf(BrokenResourceError);
      expect(error).toMatchObject({ cause: full });
    });
    expect(writable.locked).toBe(false);
  });

  test("refuses a second task, and data that is no bytes (ABC-4)", async () => {
    const { run } = virtualRun();
    const { writable, asked, settle } = sink();
    const stream = fromWritableStream(writable);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => stream.sendAll(bytes("one")));
        yield* waitAllTasksBlocked();
        expect(yield* caughtBy(() => stream.sendAll(bytes("x")))).toBeInstanceOf(BusyResourceError);
        expect(yield* caughtBy(() => stream.sendAll("text" as never))).toBeInstanceOf(
          ArgumentError,
        );
        settle();
      }),
    );
    expect(asked).toEqual(["one"]);
  });

  test.each([undefined, {}, locked()])("refuses what it cannot write into: %s", (writable) => {
    expect(() => fromWritableStream(writable as WritableStream)).toThrow(ArgumentError);
  });
});

function locked(): WritableStream {
  const writable = new WritableStream();
  writable.getWriter();
  return writable;
}
