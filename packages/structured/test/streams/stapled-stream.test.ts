import { ExceptionGroup } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  ClosedResourceError,
  isCancelled,
  moveOnAfter,
  openNursery,
  type Operation,
} from "../../src/index.js";
import { StapledStream } from "../../src/streams.js";
import {
  lockstepStreamOneWayPair,
  MemoryReceiveStream,
  MemorySendStream,
  waitAllTasksBlocked,
} from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { bytes, text } from "./text.js";

function failing<S extends MemorySendStream | MemoryReceiveStream>(stream: S, error: Error): S {
  stream.closeHook = () => {
    throw error;
  };
  return stream;
}

describe("a stapled stream", () => {
  test("sends into one stream and receives from the other (ABC-10)", async () => {
    const { run } = virtualRun();
    const stream = new StapledStream(new MemorySendStream(), new MemoryReceiveStream());
    stream.receiveStream.putData(bytes("answer"));
    await run(function* () {
      yield* stream.waitSendAllMightNotBlock();
      yield* stream.sendAll(bytes("question"));
      expect(text(stream.sendStream.getDataNowait())).toBe("question");
      expect(text(yield* stream.receiveSome(3))).toBe("ans");
    });
  });

  test("ends its sending by the stream's own sendEof, or by closing it (ABC-10)", async () => {
    const { run, trace, log } = virtualRun();
    class Ending extends MemorySendStream {
      *sendEof(): Operation<void> {
        log("own end");
        yield* checkpoint();
      }
    }
    const plain = new MemorySendStream({ closeHook: () => log("closed") });
    const receive = new MemoryReceiveStream();
    receive.putData(bytes("still open"));
    await run(function* () {
      yield* new StapledStream(new Ending(), receive).sendEof();
      const stream = new StapledStream(plain, receive);
      yield* stream.sendEof();
      expect(yield* caughtBy(() => stream.sendAll(bytes("x")))).toBeInstanceOf(ClosedResourceError);
      expect(text(yield* stream.receiveSome())).toBe("still open");
    });
    expect(trace.messages).toEqual(["own end", "closed"]);
  });

  test("closes both although the first fails, and throws what failed (ABC-10, ABC-2)", async () => {
    const { run } = virtualRun();
    const first = new Error("first");
    const second = new Error("second");
    await run(function* () {
      const receive = new MemoryReceiveStream();
      const one = new StapledStream(failing(new MemorySendStream(), first), receive);
      expect(yield* caughtBy(() => one.aclose())).toBe(first);
      expect(yield* caughtBy(() => receive.receiveSome())).toBeInstanceOf(ClosedResourceError);

      const both = new StapledStream(
        failing(new MemorySendStream(), first),
        failing(new MemoryReceiveStream(), second),
      );
      const error = yield* caughtBy(() => both.aclose());
      expect(error).toBeInstanceOf(ExceptionGroup);
      expect((error as ExceptionGroup).errors).toEqual([first, second]);
    });
  });

  test("closes both where it is cancelled; an error is not hidden by that (ABC-2)", async () => {
    const { run } = virtualRun();
    const error = new Error("cannot close");
    await run(function* () {
      const [send, receive] = [new MemorySendStream(), new MemoryReceiveStream()];
      const { cancelledCaught } = yield* moveOnAfter(0, () =>
        new StapledStream(send, receive).aclose(),
      );
      expect(cancelledCaught).toBe(true);
      for (const operation of [() => send.sendAll(bytes("x")), () => receive.receiveSome()]) {
        expect(yield* caughtBy(operation)).toBeInstanceOf(ClosedResourceError);
      }
      const scope = new CancelScope();
      scope.cancel();
      const stream = new StapledStream(
        new MemorySendStream(),
        failing(new MemoryReceiveStream(), error),
      );
      expect(yield* caughtBy(() => scope.run(() => stream.aclose()))).toBe(error);
    });
  });

  test("wakes who waits in it when it is closed (ABC-7)", async () => {
    const { run } = virtualRun();
    const [send] = lockstepStreamOneWayPair();
    const stream = new StapledStream(send, new MemoryReceiveStream());
    await run(() =>
      openNursery(function* (nursery) {
        for (const operation of [() => stream.sendAll(bytes("x")), () => stream.receiveSome()]) {
          nursery.startSoon(function* () {
            const error = yield* caughtBy(operation);
            expect(error).toBeInstanceOf(ClosedResourceError);
            expect(isCancelled(error)).toBe(false);
          });
        }
        yield* waitAllTasksBlocked();
        yield* stream.aclose();
      }),
    );
  });
});
