import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  BusyResourceError,
  CancelScope,
  ClosedResourceError,
  fromPromise,
  moveOnAfter,
  openNursery,
  run as runOnPlatform,
} from "../../src/index.js";
import { closing, fromReadable, fromWritable } from "../../src/streams.js";
import { assertCheckpoints, checkOneWayStream, waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { clog } from "./clog.js";
import { listenersOf } from "./listeners.js";
import { linkOneWay } from "./node-links.js";
import { bytes } from "./text.js";

/** A Writable that keeps what is written, and has done with each piece when the test says so. */
class Desk extends Writable {
  readonly written: string[] = [];
  #done: ((error?: Error) => void) | undefined;

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.written.push(String(chunk));
    this.#done = done;
  }

  settle(error?: Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(error);
  }
}

function* make() {
  const [writable, readable] = linkOneWay();
  return [fromWritable(writable), fromReadable(readable)] as const;
}

function* makeClogged() {
  const pair = yield* make();
  yield* clog(pair[0]);
  return pair;
}

describe("fromWritable", () => {
  test("makes streams that do what all streams must, with fromReadable (TST-12, ABC-4 to ABC-7)", () =>
    virtualRun().run(() => checkOneWayStream(make, makeClogged)));

  test("leaves an HTTP request and its response to their connection when they have been sent", async () => {
    const server = createServer((request, response) => {
      void runOnPlatform(() =>
        closing(fromWritable(response), function* (stream) {
          const chunks = yield* fromPromise(request.toArray());
          yield* stream.sendAll(Buffer.concat(chunks));
        }),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = server.address() as AddressInfo;
    const ports = new Set<number | undefined>();
    for (const text of ["one", "two"]) {
      const request = httpRequest({ port, agent, method: "POST" });
      const answer = once(request, "response") as Promise<[IncomingMessage]>;
      await runOnPlatform(() =>
        closing(fromWritable(request), (stream) => stream.sendAll(bytes(text))),
      );
      const [response] = await answer;
      ports.add(response.socket.localPort);
      expect(Buffer.concat(await response.toArray()).toString()).toBe(text);
    }
    expect(ports.size).toBe(1);
    agent.destroy();
    server.close();
    await once(server, "close");
  });

  test("waits until the Writable has done with the data (ABC-4)", async () => {
    const { run, trace, log } = virtualRun();
    const desk = new Desk();
    const stream = fromWritable(desk);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* assertCheckpoints(() => stream.sendAll(bytes("one")));
          log("sent");
        });
        yield* waitAllTasksBlocked();
        log(`written: ${desk.written.join()}`);
        desk.settle();
      }),
    );
    expect(trace.messages).toEqual(["written: one", "sent"]);
  });

  test("sends no bytes without a write, and passes a checkpoint (ABC-4)", async () => {
    const { run } = virtualRun();
    const desk = new Desk();
    await run(() => assertCheckpoints(() => fromWritable(desk).sendAll(new Uint8Array(0))));
    expect(desk.written).toEqual([]);
  });

  test("lets a cancelled send go, and the next one waits for what it left behind", async () => {
    const { run, trace, log } = virtualRun();
    const desk = new Desk();
    const stream = fromWritable(desk);
    await run(() =>
      openNursery(function* (nursery) {
        yield* clog(stream);
        nursery.startSoon(function* () {
          yield* stream.waitSendAllMightNotBlock();
          log("might not block");
          yield* stream.sendAll(bytes("two"));
          log("sent");
        });
        yield* waitAllTasksBlocked();
        log(`${desk.written.length} written`);
        desk.settle();
        yield* waitAllTasksBlocked();
        log(`${desk.written.length} written`);
        desk.settle();
      }),
    );
    expect(trace.messages).toEqual(["1 written", "might not block", "2 written", "sent"]);
  });

  test("is cancelled before it has written anything (ABC-4)", async () => {
    const { run } = virtualRun();
    const desk = new Desk();
    const stream = fromWritable(desk);
    await run(() => moveOnAfter(0, () => stream.sendAll(bytes("one"))));
    expect(desk.written).toEqual([]);
  });

  test("ends the Writable when it is closed, and waits until it has closed (ABC-2)", async () => {
    const { run } = virtualRun();
    const writable = new PassThrough();
    const before = listenersOf(writable);
    writable.resume();
    const stream = fromWritable(writable);
    await run(function* () {
      yield* assertCheckpoints(() => stream.aclose());
      yield* assertCheckpoints(() => stream.aclose());
    });
    expect(writable).toMatchObject({ writableFinished: true, closed: true });
    expect(listenersOf(writable)).toEqual(before);
  });

  test("destroys the Writable when the closing is cancelled, or a send was given up (ABC-2)", async () => {
    const { run } = virtualRun();
    const cancelled = new Desk();
    const givenUp = new Desk();
    const stuck = new Writable({ write: () => {}, final: () => {} });
    await run(function* () {
      const stream = fromWritable(givenUp);
      yield* clog(stream);
      yield* stream.aclose();
      yield* moveOnAfter(0, () => fromWritable(cancelled).aclose());
      yield* openNursery(function* (nursery) {
        const scope = new CancelScope();
        nursery.startSoon(() => scope.run(() => fromWritable(stuck).aclose()));
        yield* waitAllTasksBlocked();
        expect(stuck.destroyed).toBe(false);
        scope.cancel();
      });
    });
    for (const writable of [cancelled, givenUp, stuck]) {
      expect(writable).toMatchObject({ writableFinished: false, destroyed: true });
    }
  });

  test("tells of a failed write with its cause, now and later", async () => {
    const { run } = virtualRun();
    const desk = new Desk();
    const before = listenersOf(desk);
    const stream = fromWritable(desk);
    const full = new Error("disk full");
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          const error = yield* caughtBy(() => stream.sendAll(bytes("one")));
          expect(error).toBeInstanceOf(BrokenResourceError);
          expect(error).toMatchObject({ cause: full });
          expect(yield* caughtBy(() => stream.sendAll(bytes("two")))).toMatchObject({
            cause: full,
          });
          expect(yield* caughtBy(() => stream.waitSendAllMightNotBlock())).toBeInstanceOf(
            BrokenResourceError,
          );
          yield* stream.aclose();
        });
        yield* waitAllTasksBlocked();
        desk.settle(full);
      }),
    );
    expect(listenersOf(desk)).toEqual(before);
  });

  test("tells of data that could not be written when it is closed (ABC-2)", async () => {
    const { run } = virtualRun();
    const full = new Error("disk full");
    const writable = new Writable({ final: (done) => done(full) });
    const stream = fromWritable(writable);
    await run(function* () {
      const error = yield* caughtBy(() => stream.aclose());
      expect(error).toBeInstanceOf(BrokenResourceError);
      expect(error).toMatchObject({ cause: full });
      expect(yield* caughtBy(() => stream.sendAll(bytes("x")))).toBeInstanceOf(ClosedResourceError);
    });
    expect(writable.destroyed).toBe(true);
  });

  test("is broken where somebody else ends or destroys the Writable", async () => {
    const { run } = virtualRun();
    const ended = new PassThrough();
    const destroyed = new Desk();
    await run(() =>
      openNursery(function* (nursery) {
        const stream = fromWritable(ended);
        ended.end();
        expect(yield* caughtBy(() => stream.sendAll(bytes("x")))).toBeInstanceOf(
          BrokenResourceError,
        );
        nursery.startSoon(function* () {
          const error = yield* caughtBy(() => fromWritable(destroyed).sendAll(bytes("x")));
          expect(error).toBeInstanceOf(BrokenResourceError);
        });
        yield* waitAllTasksBlocked();
        destroyed.destroy();
      }),
    );
  });

  test("refuses a second task, and data that is no bytes (ABC-4)", async () => {
    const { run } = virtualRun();
    const desk = new Desk();
    const stream = fromWritable(desk);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => stream.sendAll(bytes("one")));
        yield* waitAllTasksBlocked();
        expect(yield* caughtBy(() => stream.sendAll(bytes("x")))).toBeInstanceOf(BusyResourceError);
        for (const bad of ["text", undefined, [1], new ArrayBuffer(1)]) {
          expect(yield* caughtBy(() => stream.sendAll(bad as never))).toBeInstanceOf(ArgumentError);
        }
        desk.settle();
      }),
    );
    expect(desk.written).toEqual(["one"]);
  });

  test.each([undefined, {}, new WritableStream(), new PassThrough({ objectMode: true })])(
    "refuses what is no Writable of bytes: %s",
    (writable) => {
      expect(() => fromWritable(writable as Writable)).toThrow(ArgumentError);
    },
  );
});

describe("fromWritable, on files", () => {
  test("has written all when it is closed, and tells where a file cannot be", async () => {
    const folder = mkdtempSync(join(tmpdir(), "trestle-"));
    try {
      const path = join(folder, "greeting.txt");
      await runOnPlatform(function* () {
        yield* closing(fromWritable(createWriteStream(path)), function* (stream) {
          yield* stream.sendAll(bytes("hello "));
          yield* stream.sendAll(bytes("you"));
        });
        const nowhere = fromWritable(createWriteStream(join(folder, "missing", "x")));
        expect(yield* caughtBy(() => nowhere.aclose())).toMatchObject({
          cause: { code: "ENOENT" },
        });
      });
      expect(readFileSync(path, "utf8")).toBe("hello you");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
