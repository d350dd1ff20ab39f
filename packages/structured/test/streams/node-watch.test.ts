import { PassThrough, Readable, Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  checkpoint,
  ClosedResourceError,
  openNursery,
  type Operation,
} from "../../src/index.js";
import { NodeWatch } from "../../src/streams/node-watch.js";
import { waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { listenersOf } from "./listeners.js";

function* nothing(): Operation<void> {}

describe("the watch over a Node stream", () => {
  test("rings at whatever becomes of the stream", async () => {
    const { run, trace, log } = virtualRun();
    const stream = new PassThrough();
    const watch = new NodeWatch(stream);
    const bell = watch.bell("news");
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* bell.wait();
          log(`finished ${watch.hasFinished}, ended ${watch.hasEnded}`);
          yield* bell.wait();
          log(`finished ${watch.hasFinished}, ended ${watch.hasEnded}`);
        });
        yield* waitAllTasksBlocked();
        stream.end();
        yield* waitAllTasksBlocked();
        stream.resume();
      }),
    );
    expect(trace.messages).toEqual(["finished true, ended false", "finished true, ended true"]);
  });

  test("knows a failure before it is an event, and keeps the first", () => {
    const stream = new PassThrough();
    const watch = new NodeWatch(stream);
    const first = new Error("first");
    stream.destroy(first);
    watch.fail(first);
    watch.fail(new Error("second"));
    expect(watch.isBroken).toBe(true);
    expect(watch.broken("send")).toMatchObject({ cause: first });
    expect(() => watch.requireWhole("send")).toThrow(BrokenResourceError);
  });

  test("closes once: it finishes, destroys and waits until the stream has closed (ABC-2)", async () => {
    const { run, trace, log } = virtualRun();
    const stream = new Readable({
      destroy(error, done) {
        log("destroyed");
        setImmediate(done, error);
      },
    });
    const before = listenersOf(stream);
    const watch = new NodeWatch(stream);
    await run(function* () {
      for (let i = 0; i < 2; i++) {
        yield* watch.close(function* () {
          log("finishes");
          yield* checkpoint();
        });
      }
      log(`closed: ${stream.closed}`);
    });
    expect(trace.messages).toEqual(["finishes", "destroyed", "closed: true"]);
    expect(() => watch.requireWhole("send")).toThrow(ClosedResourceError);
    expect(listenersOf(stream)).toEqual(before);
  });

  test("closes although the finishing fails", async () => {
    const { run } = virtualRun();
    const stream = new Writable();
    const failure = new Error("cannot finish");
    const closing = new NodeWatch(stream).close(function* () {
      throw failure;
    });
    await run(function* () {
      expect(yield* caughtBy(() => closing)).toBe(failure);
    });
    expect(stream.destroyed).toBe(true);
  });

  test("adds no listener to a stream that has closed already", async () => {
    const { run } = virtualRun();
    const stream = new Readable();
    stream.destroy();
    await new Promise((resolve) => stream.once("close", resolve));
    const watch = new NodeWatch(stream);
    expect(stream.eventNames()).toEqual([]);
    expect(() => watch.requireWhole("receive")).toThrow(BrokenResourceError);
    await run(() => watch.close(nothing));
  });
});
