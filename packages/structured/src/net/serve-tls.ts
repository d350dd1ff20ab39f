import type { Operation, StructuredFunction } from "../operation.js";
import { openTlsListeners, type OpenTlsListenersOptions } from "./open-tls-listeners.js";
import { requireServing, serveListeners, type ServeOptions } from "./serve-listeners.js";
import type { TlsListener } from "./tls-listener.js";
import type { TlsStream } from "./tls-stream.js";

/** How a TLS server listens and serves. */
export type ServeTlsOptions = OpenTlsListenersOptions & ServeOptions<TlsStream, TlsListener>;

/**
 * Serves TLS connections: each in a task of its own, by the handler. It is `openTlsListeners`, and then `serveListeners`.
 *
 * Waits until it is cancelled, or until `stop` is requested and the handlers have ended. The first use of the stream in the
 * handler shakes hands; the handler closes the stream with `aclose` so that the client can tell the end from a cut. Source:
 * Trio's `serve_ssl_over_tcp`. Flavor: structured.
 *
 * @param handler gets the stream, which is closed by force when it has ended
 * @param port from 1 to 65535, or 0 for any that is free
 * @throws ListenError; what `serveListeners` throws; ArgumentError, and what Node says of a certificate or key that it cannot
 * read, at the call
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { serveTls } from "@trestle/structured/net";
 * import { closing } from "@trestle/structured/streams";
 * import { readFileSync } from "node:fs";
 *
 * const tls = { cert: readFileSync("cert.pem"), key: readFileSync("key.pem") };
 * await run(() =>
 *   serveTls(
 *     (connection) => closing(connection, (stream) => stream.sendAll(new TextEncoder().encode("hello\n"))),
 *     8443,
 *     { tls },
 *   ),
 * );
 * ```
 */
export function serveTls(
  handler: StructuredFunction<[stream: TlsStream], unknown>,
  port: number,
  options: ServeTlsOptions,
): Operation<void> {
  requireServing(handler, options);
  return serve(handler, openTlsListeners(port, options), options);
}

function* serve(
  handler: StructuredFunction<[stream: TlsStream], unknown>,
  opening: Operation<TlsListener[]>,
  options: ServeTlsOptions,
): Operation<void> {
  yield* serveListeners(handler, yield* opening, options);
}
