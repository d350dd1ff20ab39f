import type { Operation } from "../operation.js";
import { openTcpListeners, type OpenTcpListenersOptions } from "./open-tcp-listeners.js";
import type { SocketListener } from "./socket-listener.js";
import type { SocketStream } from "./socket-stream.js";
import { TlsListener } from "./tls-listener.js";
import type { TlsStream } from "./tls-stream.js";
import { tlsServerWrapper, type TlsServerOptions } from "./wrap-tls-server.js";

/** Where and how `openTlsListeners` listens. */
export type OpenTlsListenersOptions = OpenTcpListenersOptions & TlsServerOptions;

/**
 * Begins to listen by TCP, for TLS, with one listener for each address of the host.
 *
 * Waits as `openTcpListeners` does. The caller closes the listeners. Source: Trio's `open_ssl_over_tcp_listeners`. Flavor:
 * structured.
 *
 * @param port from 1 to 65535, or 0 for any that is free; then each listener has one of its own
 * @throws ListenError; ArgumentError, and what Node says of a certificate or key that it cannot read, at the call
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { openTlsListeners } from "@trestle/structured/net";
 * import { closing } from "@trestle/structured/streams";
 * import { readFileSync } from "node:fs";
 *
 * const tls = { cert: readFileSync("cert.pem"), key: readFileSync("key.pem") };
 * await run(function* () {
 *   for (const listener of yield* openTlsListeners(0, { tls })) {
 *     console.log(listener.transport.port);
 *     yield* listener.aclose();
 *   }
 * });
 * ```
 */
export function openTlsListeners(
  port: number,
  options: OpenTlsListenersOptions,
): Operation<TlsListener[]> {
  return open(openTcpListeners(port, options), tlsServerWrapper(options));
}

function* open(
  opening: Operation<SocketListener[]>,
  wrap: (transport: SocketStream) => TlsStream,
): Operation<TlsListener[]> {
  return (yield* opening).map((listener) => new TlsListener(listener, wrap));
}
