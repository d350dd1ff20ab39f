import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Duplex, PassThrough } from "node:stream";
import { ArgumentError } from "@trestle/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  CancelScope,
  ClosedResourceError,
  fromPromise,
  openNursery,
  run as runOnPlatform,
  type Operation,
} from "../../src/index.js";
import { acloseForcefully, fromDuplex, type HalfCloseableStream } from "../../src/streams.js";
import {
  assertCheckpoints,
  checkHalfCloseableStream,
  waitAllTasksBlocked,
} from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";
import { clog } from "./clog.js";
import { listenersOf } from "./listeners.js";
import { linkTwoWay } from "./node-links.js";
import { bytes, text, textOf } from "./text.js";

type Pair = readonly [HalfCloseableStream, HalfCloseableStream];

function* make(): Operation<Pair> {
  const [left, right] = linkTwoWay();
  return [fromDuplex(left), fromDuplex(right)];
}

function* makeClogged(): Operation<Pair> {
  const pair = yield* make();
  for (const stream of pair) yield* clog(stream);
  return pair;
}

describe("fromDuplex", () => {
  test("makes streams that do what all streams must (TST-12, ABC-4 to ABC-8)", () =>
    virtualRun().run(() => checkHalfCloseableStream(make, makeClogged)));

  test("waits in sendEof until all has been written, and may be told again (ABC-8)", async () => {
    const { run, trace, log } = virtualRun();
    let finish: (() => void) | undefined;
    const duplex = new Duplex({
      read() {},
      final(done) {
        finish = done;
      },
    });
    const stream = fromDuplex(duplex);
    await run(() =>
      openNursery(function* (nursery) {
        const scope = new CancelScope();
        nursery.startSoon(() => scope.run(() => stream.sendEof()));
        yield* waitAllTasksBlocked();
        scope.cancel();
        yield* waitAllTasksBlocked();
        expect(yield* caughtBy(() => stream.sendAll(bytes("x")))).toBeInstanceOf(
          ClosedResourceError,
        );
        nursery.startSoon(function* () {
          yield* stream.sendEof();
          log("ended");
        });
        yield* waitAllTasksBlocked();
        log("finishes");
        finish?.();
        yield* waitAllTasksBlocked();
        yield* assertCheckpoints(() => stream.sendEof());
        duplex.push("still");
        expect(text(yield* stream.receiveSome())).toBe("still");
        yield* stream.aclose();
        expect(yield* caughtBy(() => stream.sendEof())).toBeInstanceOf(ClosedResourceError);
      }),
    );
    expect(trace.messages).toEqual(["finishes", "ended"]);
  });

  test("closes quietly where the Duplex fails at that moment, and leaves no listener (ABC-2)", async () => {
    const { run } = virtualRun();
    const duplex = new Duplex({ read() {}, final: (done) => done(new Error("ENOTCONN")) });
    const before = listenersOf(duplex);
    await run(() => fromDuplex(duplex).aclose());
    expect(duplex.destroyed).toBe(true);
    expect(listenersOf(duplex)).toEqual(before);
  });

  test("wakes a sender and a receiver when it is closed (ABC-7)", async () => {
    const { run } = virtualRun();
    const stream = fromDuplex(new Duplex({ read() {}, write() {} }));
    await run(() =>
      openNursery(function* (nursery) {
        for (const operation of [() => stream.receiveSome(), () => stream.sendAll(bytes("x"))]) {
          nursery.startSoon(function* () {
            expect(yield* caughtBy(operation)).toBeInstanceOf(ClosedResourceError);
          });
        }
        yield* waitAllTasksBlocked();
        yield* stream.aclose();
      }),
    );
  });

  test.each([
    undefined,
    new PassThrough({ readableObjectMode: true }),
    new PassThrough({ writableObjectMode: true }),
  ])("refuses what is no Duplex of bytes: %s", (duplex) => {
    expect(() => fromDuplex(duplex as Duplex)).toThrow(ArgumentError);
  });
});

describe("fromDuplex, on sockets", () => {
  const server = createServer({ allowHalfOpen: true });
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => server.close());

  async function socketPair(): Promise<[Socket, Socket]> {
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, "connection") as Promise<[Socket]>;
    const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await once(client, "connect");
    return [client, (await accepted)[0]];
  }

  function* makeSockets(): Operation<Pair> {
    const [client, accepted] = yield* fromPromise(socketPair());
    return [fromDuplex(client), fromDuplex(accepted)];
  }

  // More than the system keeps for a connection.
  function* makeCloggedSockets(): Operation<Pair> {
    const pair = yield* makeSockets();
    for (const stream of pair) yield* clog(stream, 2 ** 24);
    return pair;
  }

  test("makes streams that do what all streams must (TST-12)", () =>
    runOnPlatform(() => checkHalfCloseableStream(makeSockets, makeCloggedSockets)));

  test("tells of a reset with its cause, and leaves no listener", async () => {
    const [client, accepted] = await socketPair();
    const before = listenersOf(client);
    const stream = fromDuplex(client);
    await runOnPlatform(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          const error = yield* caughtBy(() => stream.receiveSome());
          expect(error).toBeInstanceOf(BrokenResourceError);
          expect(error).toMatchObject({ cause: { code: "ECONNRESET" } });
          yield* stream.aclose();
        });
        yield* waitAllTasksBlocked();
        accepted.resetAndDestroy();
      }),
    );
    expect(listenersOf(client)).toEqual(before);
  });

  test("breaks off a send whose receiver never receives", async () => {
    const [client, accepted] = await socketPair();
    const stream = fromDuplex(client);
    await runOnPlatform(function* () {
      yield* clog(stream, 2 ** 24);
      yield* stream.aclose();
      yield* acloseForcefully(fromDuplex(accepted));
    });
    expect(client.destroyed).toBe(true);
  });

  test("receives what was sent before the other side was closed", async () => {
    await runOnPlatform(function* () {
      const [left, right] = yield* makeSockets();
      yield* left.sendAll(bytes("bye"));
      yield* left.aclose();
      expect(yield* textOf(right)).toBe("bye");
      yield* right.aclose();
    });
  });
});
