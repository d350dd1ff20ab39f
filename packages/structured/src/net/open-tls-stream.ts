import type { Operation } from "../operation.js";
import { openTcpStream, type OpenTcpStreamOptions } from "./open-tcp-stream.js";
import { type TlsClientOptions, wrapTlsClient } from "./wrap-tls-client.js";
import type { TlsStream } from "./tls-stream.js";

/** How `openTlsStream` connects. */
export type OpenTlsStreamOptions = OpenTcpStreamOptions & TlsClientOptions;

/**
 * Connects to a host by TCP, for TLS.
 *
 * Waits for the connection, as `openTcpStream` does; the first use of the stream shakes hands, or `doHandshake`. The caller
 * closes the stream. Source: Trio's `open_ssl_over_tcp_stream`. Flavor: structured.
 *
 * @param host a name or an IP address; the certificate of the other side must be for it
 * @param port from 1 to 65535
 * @throws ConnectError; ArgumentError, at the call; the stream throws CertificateError
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { openTlsStream } from "@trestle/structured/net";
 * import { closing } from "@trestle/structured/streams";
 *
 * await run(function* () {
 *   const stream = yield* openTlsStream("example.org", 443, { httpsCompatible: true });
 *   yield* closing(stream, function* () {
 *     yield* stream.sendAll(new TextEncoder().encode("HEAD / HTTP/1.0\r\n\r\n"));
 *     console.log(new TextDecoder().decode(yield* stream.receiveSome()));
 *   });
 * });
 * ```
 */
export function openTlsStream(
  host: string,
  port: number,
  options: OpenTlsStreamOptions = {},
): Operation<TlsStream> {
  return open(openTcpStream(host, port, options), host, options);
}

function* open(
  opening: ReturnType<typeof openTcpStream>,
  host: string,
  options: TlsClientOptions,
): Operation<TlsStream> {
  return wrapTlsClient(yield* opening, host, options);
}
