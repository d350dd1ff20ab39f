import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { wrapTlsClient, wrapTlsServer } from "../../src/net.js";
import { localhost } from "./localhost-certificate.js";
import { withSocketPair } from "./socket-pair.js";
import { shakeHands } from "./tls-pair.js";

test("agrees on a protocol, and asks for a name but not for an IP address", async () => {
  for (const host of ["localhost", "127.0.0.1"]) {
    const asked: string[] = [];
    await withSocketPair(function* (below, other) {
      const client = wrapTlsClient(below, host, {
        tls: { ca: localhost.cert, ALPNProtocols: ["one", "two"] },
      });
      const server = wrapTlsServer(other, {
        tls: {
          ...localhost,
          ALPNProtocols: ["two"],
          SNICallback: (name, done) => {
            asked.push(name);
            done(null);
          },
        },
      });
      yield* shakeHands(client, server);
      expect([client.alpnProtocol, server.alpnProtocol]).toEqual(["two", "two"]);
      yield* client.aclose();
      yield* server.aclose();
    });
    expect(asked).toEqual(host === "localhost" ? ["localhost"] : []);
  }
});

test("trusts everybody only where that is asked for", async () => {
  await withSocketPair(function* (below, other) {
    const client = wrapTlsClient(below, "localhost", { tls: { rejectUnauthorized: false } });
    const server = wrapTlsServer(other, { tls: localhost });
    yield* shakeHands(client, server);
    expect(client.socket.authorized).toBe(false);
    yield* client.aclose();
    yield* server.aclose();
  });
});

test("wants the name that the certificate must be for", async () => {
  await withSocketPair(function* (below) {
    expect(() => wrapTlsClient(below, "")).toThrow(ArgumentError);
    expect(() => wrapTlsClient(below, undefined as unknown as string)).toThrow(ArgumentError);
  });
});
