import type { Operation } from "../operation.js";
import type { Listener } from "../streams/stream.js";
import type { SocketListener } from "./socket-listener.js";
import type { SocketStream } from "./socket-stream.js";
import type { TlsStream } from "./tls-stream.js";

/**
 * Gives a TLS stream for each connection that comes in. The handshake is left to whoever uses the stream, so that a slow client
 * does not keep the others waiting. Source: Trio's SSLListener. Flavor: structured.
 * @example
 * ```ts no-run
 * import { readFileSync } from "node:fs";
 * import { run } from "@trestle/structured";
 * import { openTlsListeners, type TlsListener } from "@trestle/structured/net";
 *
 * const tls = { key: readFileSync("key.pem"), cert: readFileSync("cert.pem") };
 *
 * function* acceptOne(listener: TlsListener) {
 *   const stream = yield* listener.accept();
 *   yield* stream.aclose();
 * }
 *
 * await run(function* () {
 *   for (const listener of yield* openTlsListeners(8443, { tls })) yield* acceptOne(listener);
 * });
 * ```
 */
export class TlsListener implements Listener<TlsStream> {
  /** The listener below, for the address and the port. */
  readonly transport: SocketListener;
  readonly #wrap: (transport: SocketStream) => TlsStream;

  /** @internal */
  constructor(transport: SocketListener, wrap: (transport: SocketStream) => TlsStream) {
    this.transport = transport;
    this.#wrap = wrap;
  }

  *accept(): Operation<TlsStream> {
    return this.#wrap(yield* this.transport.accept());
  }

  aclose(): Operation<void> {
    return this.transport.aclose();
  }
}
