import { describe, expect, test } from "vitest";
import { BrokenResourceError, openNursery } from "../../src/index.js";
import { wrapTlsClient, wrapTlsServer, type TlsClientOptions } from "../../src/net.js";
import { caughtBy } from "../streams/caught-by.js";
import { bytes, text } from "../streams/text.js";
import { localhost } from "./localhost-certificate.js";
import { withSocketPair } from "./socket-pair.js";
import { shakeHands } from "./tls-pair.js";

const ca = localhost.cert;

describe("a server that asks for certificates", () => {
  const tls = { ...localhost, requestCert: true, ca };

  test("knows that of the client", async () => {
    await withSocketPair(function* (below, other) {
      const client = wrapTlsClient(below, "localhost", { tls: { ...localhost, ca } });
      const server = wrapTlsServer(other, { tls });
      yield* shakeHands(client, server);
      expect(server.socket.authorized).toBe(true);
      expect(server.peerCertificate?.subject.CN).toBe("localhost");
      yield* client.sendAll(bytes("hello"));
      expect(text(yield* server.receiveSome())).toBe("hello");
      yield* client.aclose();
      expect(yield* server.receiveSome()).toHaveLength(0);
      yield* server.aclose();
    });
  });

  test.each<[string, NonNullable<TlsClientOptions["tls"]>, object]>([
    ["without one", { ca }, {}],
    ["with one that it does not trust", { ...localhost, ca }, { ca: [] }],
  ])("does not talk to a client %s", async (_what, ofClient, ofServer) => {
    await withSocketPair(function* (below, other) {
      const client = wrapTlsClient(below, "localhost", { tls: ofClient });
      const server = wrapTlsServer(other, { tls: { ...tls, ...ofServer } });
      yield* openNursery(function* (nursery) {
        // To a client of TLS 1.3 its handshake looks well.
        nursery.startSoon(() => caughtBy(() => client.receiveSome()));
        const error = yield* caughtBy(() => server.receiveSome());
        expect(error).toBeInstanceOf(BrokenResourceError);
        yield* server.aclose();
      });
      yield* client.aclose();
    });
  });
});

test("says at the call that a key is none", async () => {
  await withSocketPair(function* (below) {
    expect(() => wrapTlsServer(below, { tls: { ...localhost, key: "no key" } })).toThrow(
      /PEM|DECODER/,
    );
  });
});
