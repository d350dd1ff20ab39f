import { createSecureContext, createServer, TLSSocket, type TlsOptions } from "node:tls";
import type { SocketStream } from "./socket-stream.js";
import type { Shake } from "./tls-handshake.js";
import { TlsStream, type TlsStreamOptions } from "./tls-stream.js";

/** How a server does TLS. */
export interface TlsServerOptions extends TlsStreamOptions {
  /** What Node's `tls.createServer` takes: `cert` and `key`, `ca`, `requestCert`, `ALPNProtocols`, `SNICallback`, ... */
  readonly tls: TlsOptions;
}

/**
 * Makes the server's side of a TLS stream over a connection that was accepted.
 *
 * It waits for nothing: the first use shakes hands. The transport belongs to the stream from then on. `serveTls` and
 * `openTlsListeners` do it for each connection. Source: Trio's SSLStream. Flavor: structured.
 *
 * @param transport with nothing in it that was not fetched, unless that is TLS already
 * @throws what Node says of a certificate or key that it cannot read
 * @example
 * ```ts no-run
 * import type { Operation } from "@trestle/structured";
 * import { wrapTlsServer, type SocketStream } from "@trestle/structured/net";
 * import { closing } from "@trestle/structured/streams";
 * import type { TlsOptions } from "node:tls";
 *
 * function* greet(transport: SocketStream, tls: TlsOptions): Operation<void> {
 *   yield* closing(wrapTlsServer(transport, { tls }), (stream) =>
 *     stream.sendAll(new TextEncoder().encode("hello\n")),
 *   );
 * }
 * ```
 */
export function wrapTlsServer(transport: SocketStream, options: TlsServerOptions): TlsStream {
  return tlsServerWrapper(options)(transport);
}

/** Prepares once what all connections of a server share, and gives what wraps each. */
export function tlsServerWrapper(
  options: TlsServerOptions,
): (transport: SocketStream) => TlsStream {
  const { tls } = options;
  const shake = tls.requestCert === true ? shakeWithServer(tls) : shakeAlone(tls);
  return (transport) => new TlsStream(transport, "a client", shake, options);
}

function shakeAlone(tls: TlsOptions): Shake {
  const secureContext = createSecureContext(tls);
  return (duplex, done, failed) => {
    const socket = new TLSSocket(duplex, {
      ...tls,
      secureContext,
      isServer: true,
    });
    // For ever: an error may come behind the close, and must not end the process.
    socket.on("error", failed);
    // Where there is no server of Node's, this is how errors after the handshake come.
    socket.on("_tlsError", failed);
    socket.once("secure", () => done(socket));
  };
}

/** Only a server of Node's checks the certificates of clients; one that does not listen shakes hands for one connection. */
function shakeWithServer(tls: TlsOptions): Shake {
  return (duplex, done, failed) => {
    const server = createServer(tls);
    server.once("secureConnection", (socket) => {
      socket.on("error", failed);
      done(socket);
    });
    server.once("tlsClientError", failed);
    server.emit("connection", duplex);
  };
}
