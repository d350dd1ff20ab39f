import { ArgumentError } from "@trestle/host";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  CancelScope,
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  run,
} from "../../src/index.js";
import { SocketStream } from "../../src/net.js";
import { acloseForcefully } from "../../src/streams.js";
import { checkHalfCloseableStream, waitAllTasksBlocked } from "../../src/testing.js";
import { caughtBy } from "../streams/caught-by.js";
import { clog } from "../streams/clog.js";
import { bytes, text, textOf } from "../streams/text.js";
import { socketPair, withSocketPair } from "./socket-pair.js";

const MUCH = new Uint8Array(16 * 1024 * 1024);

/** Two ends that both have a send under way which nobody receives. */
function* cloggedPair(): ReturnType<typeof socketPair> {
  const pair = yield* socketPair();
  for (const stream of pair) yield* clog(stream, MUCH.length);
  return pair;
}

describe("a SocketStream", () => {
  test(
    "does what each half-closeable stream must (ABC-2 to ABC-8)",
    { timeout: 30_000 },
    async () => {
      await run(() => checkHalfCloseableStream(socketPair, cloggedPair));
    },
  );

  test("knows both ends, also when it has closed", async () => {
    await withSocketPair(function* (client, server) {
      yield* client.aclose();
      expect(client.localAddress).toEqual(server.remoteAddress);
      expect(client.remoteAddress).toEqual(server.localAddress);
      expect(client.remoteAddress).toMatchObject({ address: "127.0.0.1", family: 4 });
    });
  });

  test("loses nothing of what comes while a receive is cancelled (ABC-6)", async () => {
    await withSocketPair(function* (client, server) {
      const sent = bytes("0123456789".repeat(2000));
      let got = "";
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          for (let i = 0; i < sent.length; i += 100)
            yield* client.sendAll(sent.subarray(i, i + 100));
          yield* client.sendEof();
        });
        for (let hasEnded = false; !hasEnded;) {
          const { value } = yield* moveOnAfter(0, () => server.receiveSome(70));
          expect(value).toBeUndefined();
          const chunk = yield* server.receiveSome(70);
          got += text(chunk);
          hasEnded = chunk.length === 0;
        }
      });
      expect(got).toBe(text(sent));
    });
  });

  test("makes a send wait until the other side receives (ABC-4)", async () => {
    await withSocketPair(function* (client, server) {
      const order: string[] = [];
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* client.sendAll(MUCH);
          order.push("sent");
          yield* client.sendEof();
        });
        yield* waitAllTasksBlocked();
        order.push("receives");
        let received = 0;
        for (let chunk = yield* server.receiveSome(); chunk.length > 0;) {
          received += chunk.length;
          chunk = yield* server.receiveSome();
        }
        expect(received).toBe(MUCH.length);
      });
      expect(order).toEqual(["receives", "sent"]);
    });
  });

  test("fails with the platform's error for a cause when the other side resets (SO-5)", async () => {
    await withSocketPair(function* (client, server) {
      server.socket.resetAndDestroy();
      const error = yield* caughtBy(() => client.receiveSome());
      expect(error).toBeInstanceOf(BrokenResourceError);
      expect((error as Error).cause).toMatchObject({ code: "ECONNRESET" });
      expect(yield* caughtBy(() => client.sendAll(bytes("x")))).toBeInstanceOf(BrokenResourceError);
    });
  });

  test("fails a send to a side that has gone, at last (SO-5)", async () => {
    await withSocketPair(function* (client, server) {
      yield* server.aclose();
      const error = yield* caughtBy(function* () {
        for (;;) yield* client.sendAll(bytes("x"));
      });
      expect(error).toBeInstanceOf(BrokenResourceError);
      expect(["EPIPE", "ECONNRESET"]).toContain(((error as Error).cause as { code: string }).code);
    });
  });

  test("ends what waits in it, in both directions, when it is closed here (ABC-7)", async () => {
    await withSocketPair(function* (client) {
      const errors: unknown[] = [];
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          errors.push(yield* caughtBy(() => client.receiveSome()));
        });
        nursery.startSoon(function* () {
          errors.push(yield* caughtBy(() => client.sendAll(MUCH)));
        });
        yield* waitAllTasksBlocked();
        yield* client.aclose();
      });
      expect(errors).toHaveLength(2);
      for (const error of errors) expect(error).toBeInstanceOf(ClosedResourceError);
      expect(yield* caughtBy(() => client.sendAll(bytes("")))).toBeInstanceOf(ClosedResourceError);
    });
  });

  test("destroys its socket also when it is closed in a cancelled scope, or with a send under way (ABC-2)", async () => {
    await withSocketPair(function* (client, server) {
      const scope = new CancelScope();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => scope.run(() => client.sendAll(MUCH)));
        yield* waitAllTasksBlocked();
        scope.cancel();
      });
      yield* acloseForcefully(client);
      expect(client.socket.destroyed).toBe(true);
      yield* server.aclose();
      expect(server.socket.closed).toBe(true);
    });
  });

  test("receives what came before the other side closed", async () => {
    await withSocketPair(function* (client, server) {
      yield* client.sendAll(bytes("last words"));
      yield* client.aclose();
      expect(yield* textOf(server)).toBe("last words");
    });
  });

  test("takes a socket that other code has made", async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const socket = await new Promise<Socket>((resolve) => {
      const connecting = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () =>
        resolve(connecting),
      );
    });
    await run(function* () {
      const stream = new SocketStream(socket);
      yield* stream.sendAll(bytes("echo"));
      yield* stream.sendEof();
      expect(yield* textOf(stream)).toBe("echo");
      yield* stream.aclose();
    });
    server.close();
    expect(socket.closed).toBe(true);
  });

  test("is closed where somebody else destroys the socket", async () => {
    await withSocketPair(function* (client) {
      client.socket.destroy();
      expect(yield* caughtBy(() => client.receiveSome())).toBeInstanceOf(BrokenResourceError);
      yield* client.aclose();
    });
  });

  test.each([undefined, {}, "socket", 5])("refuses %o for a socket", (value) => {
    expect(() => new SocketStream(value as unknown as Socket)).toThrow(ArgumentError);
  });
});
