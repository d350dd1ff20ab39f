import { connect, type ConnectionOptions } from "node:tls";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { CertificateError } from "./certificate-error.js";
import { requireHostname } from "./endpoint.js";
import type { SocketStream } from "./socket-stream.js";
import type { Shake } from "./tls-handshake.js";
import { TlsStream, type TlsStreamOptions } from "./tls-stream.js";

/** How a client does TLS. */
export interface TlsClientOptions extends TlsStreamOptions {
  /** What Node's `tls.connect` takes, but for where to connect to: `ca`, `cert`, `key`, `ALPNProtocols`, `secureContext`, ... */
  readonly tls?: Omit<ConnectionOptions, "host" | "port" | "path" | "socket" | "lookup">;
}

/**
 * Makes the client's side of a TLS stream over a connection that is there, such as one through a proxy, or one that has
 * agreed to go on with TLS.
 *
 * It waits for nothing: the first use shakes hands. The transport belongs to the stream from then on. Source: Trio's
 * SSLStream. Flavor: structured.
 *
 * @param transport with nothing in it that was not fetched, unless that is TLS already
 * @param host the name or IP address that the other side's certificate must be for
 * @throws ArgumentError for what is no name
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { openTcpStream, wrapTlsClient } from "@trestle/structured/net";
 * import { closing } from "@trestle/structured/streams";
 *
 * await run(function* () {
 *   const transport = yield* openTcpStream("mail.example.org", 143);
 *   yield* transport.sendAll(new TextEncoder().encode("a STARTTLS\r\n"));
 *   yield* transport.receiveSome();
 *   yield* closing(wrapTlsClient(transport, "mail.example.org"), (stream) => stream.doHandshake());
 * });
 * ```
 */
export function wrapTlsClient(
  transport: SocketStream,
  host: string,
  options: TlsClientOptions = {},
): TlsStream {
  requireHostname(host, "shake hands with");
  return new TlsStream(transport, `'${host}'`, shakeWith(host, options.tls), options);
}

function shakeWith(host: string, tls: ConnectionOptions | undefined): Shake {
  return (duplex: Duplex, done, failed) => {
    // An IP address is checked against the certificate, but must not be asked for by SNI.
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ ...name, ...tls, host, socket: duplex });
    const fail = (error: Error): void => {
      const reason = socket.authorizationError as unknown;
      const isDistrust = typeof reason === "string" || reason instanceof Error;
      failed(isDistrust ? new CertificateError(`'${host}'`, codeOf(reason, error), error) : error);
    };
    // For ever: an error may come behind the close, and must not end the process.
    socket.on("error", fail);
    socket.once("secureConnect", () => done(socket));
  };
}

function codeOf(reason: unknown, error: Error): string {
  if (typeof reason === "string") return reason;
  return "code" in error ? String(error.code) : error.name;
}
