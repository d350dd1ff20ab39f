import { ArgumentError } from "@trestle/host";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  BusyResourceError,
  CancelScope,
  ClosedResourceError,
  Event,
  fromPromise,
  moveOnAfter,
  openNursery,
  run,
  type Operation,
} from "../../src/index.js";
import {
  CertificateError,
  NeedHandshakeError,
  wrapTlsClient,
  wrapTlsServer,
  type TlsStream,
} from "../../src/net.js";
import { assertCheckpoints, checkTwoWayStream, waitAllTasksBlocked } from "../../src/testing.js";
import { groupedErrorsOf } from "../rejection-of.js";
import { caughtBy } from "../streams/caught-by.js";
import { clog } from "../streams/clog.js";
import { bytes, text, textOf } from "../streams/text.js";
import { localhost } from "./localhost-certificate.js";
import { socketPair } from "./socket-pair.js";
import { isGone, shakeHands, shakenPair, tlsPair, withPair } from "./tls-pair.js";

const MUCH = new Uint8Array(16 * 1024 * 1024);

function* beside(...bodies: (() => Operation<unknown>)[]): Operation<void> {
  yield* openNursery(function* (nursery) {
    for (const body of bodies) nursery.startSoon(body);
  });
}

describe("a TlsStream", () => {
  test.each([false, true])(
    "T252: does what each two-way stream must, with httpsCompatible %s (SSL-2)",
    { timeout: 60_000 },
    async (httpsCompatible) => {
      await run(() => checkTwoWayStream(() => shakenPair({ httpsCompatible })));
    },
  );

  test("SSL-1: shakes hands at its first use, once, for all who use it", async () => {
    await withPair(tlsPair, function* (client, server) {
      yield* beside(
        () => client.sendAll(bytes("hello")),
        () => client.doHandshake(),
        () => client.doHandshake(),
        function* () {
          expect(text(yield* server.receiveSome())).toBe("hello");
        },
      );
      yield* assertCheckpoints(() => client.doHandshake());
    });
  });

  test("SSL-9: shakes hands also to send nothing", async () => {
    await withPair(tlsPair, function* (client, server) {
      yield* beside(
        () => client.sendAll(bytes("")),
        () => server.doHandshake(),
      );
      expect(client.protocol).toBe("TLSv1.3");
    });
  });

  test("SSL-6: knows after the handshake what was agreed on, and says so before", async () => {
    await withPair(tlsPair, function* (client, server) {
      for (const ask of [
        () => client.protocol,
        () => client.alpnProtocol,
        () => client.cipher,
        () => client.peerCertificate,
        () => client.socket,
      ]) {
        expect(ask).toThrow(NeedHandshakeError);
      }
      yield* shakeHands(client, server);
      expect(client.protocol).toBe("TLSv1.3");
      expect(client.alpnProtocol).toBeUndefined();
      expect(client.cipher.version).toBe("TLSv1.3");
      expect(client.peerCertificate?.subject.CN).toBe("localhost");
      expect(server.peerCertificate).toBeUndefined();
      expect(client.socket.encrypted).toBe(true);
    });
  });

  test("SSL-2: refuses a second task in the same direction", async () => {
    const main = withPair(shakenPair, (client) =>
      beside(
        () => client.receiveSome(),
        () => client.receiveSome(),
      ),
    );
    expect((await groupedErrorsOf(main))[0]).toBeInstanceOf(BusyResourceError);
    const sending = withPair(shakenPair, (client) =>
      beside(
        () => client.sendAll(MUCH),
        () => client.sendAll(MUCH),
      ),
    );
    expect((await groupedErrorsOf(sending))[0]).toBeInstanceOf(BusyResourceError);
  });

  test("takes over what its transport has received already", async () => {
    await run(function* () {
      const [below, other] = yield* socketPair();
      yield* other.sendAll(bytes("ready"));
      expect(text(yield* below.receiveSome(5))).toBe("ready");
      const server = wrapTlsServer(below, { tls: localhost });
      const client = wrapTlsClient(other, "localhost", {
        tls: { ca: localhost.cert },
      });
      yield* shakeHands(client, server);
      yield* client.aclose();
      expect(yield* textOf(server)).toBe("");
      yield* server.aclose();
    });
  });

  test("refuses bytes and numbers that are none, before the handshake", async () => {
    await withPair(tlsPair, function* (client) {
      expect(yield* caughtBy(() => client.sendAll("text" as never))).toBeInstanceOf(ArgumentError);
      expect(yield* caughtBy(() => client.receiveSome(0))).toBeInstanceOf(ArgumentError);
      expect(() => client.protocol).toThrow(NeedHandshakeError);
    });
  });
});

describe("the end of a TlsStream (T252)", () => {
  test.each<[client: boolean, server: boolean, how: "closes" | "cuts", what: string]>([
    [false, false, "closes", "end"],
    [false, false, "cuts", "broken"],
    [false, true, "closes", "end"],
    [false, true, "cuts", "end"],
    // One that behaves as HTTPS programs do does not say that it closes.
    [true, false, "closes", "broken"],
    [true, true, "closes", "end"],
    [true, true, "cuts", "end"],
  ])(
    "SSL-3: a client with httpsCompatible %s, a server with %s: when the client %s, the server sees %s",
    async (clientHttps, serverHttps, how, what) => {
      const options = [clientHttps, serverHttps].map((httpsCompatible) => ({ httpsCompatible }));
      await run(function* () {
        const [from, to] = yield* shakenPair(...options);
        yield* from.sendAll(bytes("last"));
        if (how === "closes") yield* from.aclose();
        else from.transport.socket.end();
        expect(text(yield* to.receiveSome(2))).toBe("la");
        expect(text(yield* to.receiveSome(2))).toBe("st");
        for (let i = 0; i < 2; i++) {
          const error = yield* caughtBy(function* () {
            expect(yield* to.receiveSome()).toHaveLength(0);
          });
          if (what === "end") expect(error).toBeUndefined();
          else expect(error).toBeInstanceOf(BrokenResourceError);
        }
        yield* to.aclose();
        yield* from.aclose();
        expect([isGone(from), isGone(to)]).toEqual([true, true]);
      });
    },
  );

  test("SSL-3: counts what was said before the connection was reset", async () => {
    await withPair(shakenPair, function* (client, server) {
      const { socket } = server.transport;
      const dataCame = once(socket, "data");
      yield* client.sendAll(bytes("last"));
      yield* fromPromise(dataCame);
      const closeCame = once(socket, "data");
      client.socket.end();
      yield* fromPromise(closeCame);
      const hasClosed = new Event();
      socket.once("close", () => hasClosed.set());
      socket.destroy(new Error("reset"));
      yield* hasClosed.wait();
      expect(text(yield* server.receiveSome())).toBe("last");
      expect(yield* server.receiveSome()).toHaveLength(0);
      expect(yield* caughtBy(() => server.sendAll(bytes("x")))).toBeInstanceOf(BrokenResourceError);
    });
  });

  test("SSL-3: says that the connection was cut", async () => {
    await withPair(shakenPair, function* (client, server) {
      client.transport.socket.end();
      const error = yield* caughtBy(() => server.receiveSome());
      expect((error as Error).cause).toMatchObject({
        message: "the connection was cut: no 'close_notify' came before its end",
      });
    });
  });

  test("SSL-4: does not wait for the other side to close, or to read", async () => {
    await withPair(shakenPair, function* (client, server) {
      yield* client.sendAll(bytes("never read"));
      yield* client.aclose();
      expect(isGone(client)).toBe(true);
      expect(server.transport.socket.destroyed).toBe(false);
    });
  });

  test("SSL-4: does not wait where the system takes no more", async () => {
    await withPair(shakenPair, function* (client) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => caughtBy(() => client.sendAll(MUCH)));
        yield* waitAllTasksBlocked();
        yield* client.aclose();
      });
      expect(isGone(client)).toBe(true);
    });
  });

  test("SSL-4: closes before the handshake, and in the middle of one", async () => {
    await run(function* () {
      const [client, server] = yield* tlsPair();
      yield* client.aclose();
      expect(isGone(client)).toBe(true);
      yield* openNursery(function* (nursery) {
        const waiting = nursery.startSoon(() => caughtBy(() => server.doHandshake()));
        expect(yield* waiting.join()).toBeInstanceOf(BrokenResourceError);
      });
      yield* server.aclose();

      const [lonely, silent] = yield* tlsPair();
      yield* openNursery(function* (nursery) {
        const waiting = nursery.startSoon(() => caughtBy(() => lonely.receiveSome()));
        yield* waitAllTasksBlocked();
        yield* lonely.aclose();
        expect(yield* waiting.join()).toBeInstanceOf(ClosedResourceError);
      });
      expect(isGone(lonely)).toBe(true);
      yield* silent.aclose();
      yield* silent.aclose();
    });
  });

  test("ABC-7: ends what waits in it, and all later uses", async () => {
    await withPair(shakenPair, function* (client) {
      yield* openNursery(function* (nursery) {
        const waiting = nursery.startSoon(() => caughtBy(() => client.receiveSome()));
        yield* waitAllTasksBlocked();
        yield* client.aclose();
        expect(yield* waiting.join()).toBeInstanceOf(ClosedResourceError);
      });
      for (const use of [
        () => client.sendAll(bytes("")),
        () => client.receiveSome(),
        () => client.doHandshake(),
        () => client.waitSendAllMightNotBlock(),
      ]) {
        expect(yield* caughtBy(use)).toBeInstanceOf(ClosedResourceError);
      }
    });
  });
});

describe("a TlsStream that is cancelled (SSL-5)", () => {
  test("in a handshake is broken", async () => {
    await withPair(tlsPair, function* (client) {
      const scope = new CancelScope();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => scope.run(() => client.doHandshake()));
        yield* waitAllTasksBlocked();
        scope.cancel();
      });
      expect(scope.cancelledCaught).toBe(true);
      expect(yield* caughtBy(() => client.doHandshake())).toBeInstanceOf(BrokenResourceError);
      expect(yield* caughtBy(() => client.receiveSome())).toBeInstanceOf(BrokenResourceError);
    });
  });

  test("in a send is broken", async () => {
    await withPair(shakenPair, function* (client) {
      yield* clog(client, MUCH.length);
      expect(yield* caughtBy(() => client.sendAll(bytes("x")))).toBeInstanceOf(BrokenResourceError);
      expect(yield* caughtBy(() => client.receiveSome())).toBeInstanceOf(BrokenResourceError);
    });
  });

  test("in a receive has lost nothing, and before it did anything is whole", async () => {
    await withPair(shakenPair, function* (client, server) {
      yield* moveOnAfter(0, () => client.receiveSome());
      yield* moveOnAfter(0, () => client.sendAll(bytes("not sent")));
      yield* clogReceive(client);
      yield* server.sendAll(bytes("kept"));
      expect(text(yield* client.receiveSome())).toBe("kept");
      yield* client.sendAll(bytes("sent"));
      expect(text(yield* server.receiveSome())).toBe("sent");
    });
    await withPair(tlsPair, function* (client, server) {
      yield* moveOnAfter(0, () => client.doHandshake());
      yield* shakeHands(client, server);
    });
  });
});

describe("a handshake that fails", () => {
  test("with something that is no TLS is broken, on either side", async () => {
    await run(function* () {
      for (const side of ["client", "server"] as const) {
        const [below, other] = yield* socketPair();
        const stream: TlsStream =
          side === "client"
            ? wrapTlsClient(below, "localhost")
            : wrapTlsServer(below, { tls: localhost });
        yield* other.sendAll(bytes("GET / HTTP/1.0\r\n\r\n"));
        const error = yield* caughtBy(() => stream.doHandshake());
        expect(error).toBeInstanceOf(BrokenResourceError);
        expect((error as Error).cause).toBeInstanceOf(Error);
        expect(yield* caughtBy(() => stream.sendAll(bytes("")))).toBeInstanceOf(
          BrokenResourceError,
        );
        yield* stream.aclose();
        expect(isGone(stream)).toBe(true);
        yield* other.aclose();
      }
    });
  });

  test("for a certificate of nobody that is known says so, each time", async () => {
    await run(function* () {
      const [below, other] = yield* socketPair();
      const server = wrapTlsServer(other, { tls: localhost });
      const client = wrapTlsClient(below, "localhost");
      yield* beside(
        () => caughtBy(() => server.receiveSome()),
        function* () {
          const error = yield* caughtBy(() => client.doHandshake());
          expect(error).toBeInstanceOf(CertificateError);
          expect(error).toMatchObject({ reason: "DEPTH_ZERO_SELF_SIGNED_CERT" });
          expect((error as Error).message).toContain(
            "Cannot trust the certificate of 'localhost': self-signed certificate",
          );
          expect(yield* caughtBy(() => client.receiveSome())).toBeInstanceOf(CertificateError);
          yield* client.aclose();
        },
      );
      expect(isGone(client)).toBe(true);
      yield* server.aclose();
    });
  });

  test("ends both sides where the connection is cut meanwhile", async () => {
    await withPair(tlsPair, function* (client, server) {
      yield* beside(
        function* () {
          const error = yield* caughtBy(() => client.doHandshake());
          expect(error).toBeInstanceOf(BrokenResourceError);
          expect((error as Error).message).toContain("the other side hung up");
        },
        function* () {
          yield* waitAllTasksBlocked();
          server.transport.socket.end();
        },
      );
    });
  });
});

/** Lets a receive wait, and cancels it. */
function* clogReceive(stream: TlsStream): Operation<void> {
  const scope = new CancelScope();
  yield* openNursery(function* (nursery) {
    nursery.startSoon(() => scope.run(() => stream.receiveSome()));
    yield* waitAllTasksBlocked();
    scope.cancel();
  });
}
