import { openNursery, run, type Operation } from "../../src/index.js";
import {
  wrapTlsClient,
  wrapTlsServer,
  type SocketStream,
  type TlsStream,
  type TlsStreamOptions,
} from "../../src/net.js";
import { acloseForcefully } from "../../src/streams.js";
import { localhost } from "./localhost-certificate.js";
import { socketPair } from "./socket-pair.js";

/** Makes the two sides of a TLS stream over a TCP connection, without a handshake. */
export function* tlsPair(
  ofClient: TlsStreamOptions = {},
  ofServer: TlsStreamOptions = ofClient,
): Operation<readonly [client: TlsStream, server: TlsStream]> {
  const [client, server] = yield* socketPair();
  return [
    wrapTlsClient(client, "localhost", { tls: { ca: localhost.cert }, ...ofClient }),
    wrapTlsServer(server, { tls: localhost, ...ofServer }),
  ];
}

/** Shakes hands on both sides. */
export function* shakeHands(...streams: readonly TlsStream[]): Operation<void> {
  yield* openNursery(function* (nursery) {
    for (const stream of streams) nursery.startSoon(() => stream.doHandshake());
  });
}

/**
 * The same, after the handshake. The client has the tickets too that the server sends behind it: with bytes in the system
 * that nobody has fetched, closing a socket resets the connection.
 */
export function* shakenPair(
  ofClient: TlsStreamOptions = {},
  ofServer: TlsStreamOptions = ofClient,
): Operation<readonly [client: TlsStream, server: TlsStream]> {
  const [client, server] = yield* tlsPair(ofClient, ofServer);
  yield* shakeHands(client, server);
  yield* server.sendAll(new Uint8Array(1));
  yield* client.receiveSome();
  return [client, server];
}

/** Runs a body on the platform with two streams, which are closed afterwards. */
export async function withPair<T>(
  pair: () => Operation<readonly [TlsStream, TlsStream]>,
  body: (client: TlsStream, server: TlsStream) => Operation<T>,
): Promise<T> {
  return await run(function* () {
    const [client, server] = yield* pair();
    try {
      return yield* body(client, server);
    } finally {
      yield* acloseForcefully(client);
      yield* acloseForcefully(server);
    }
  });
}

/** Whether the system has let go of the socket below. */
export function isGone({ transport }: { readonly transport: SocketStream }): boolean {
  return transport.socket.destroyed;
}
