// A TLS stream over a socket.
//
//   new ── the first use, or doHandshake ──▶ shaking ── done ──▶ open ── aclose ──▶ closed
//
// A handshake that fails, or that a task was cancelled in, breaks the stream; closing is possible in each state. The socket below
// is destroyed when the stream is closed, in whatever way, and not before.
import { TrestleError } from "@trestle/host";
import type { CipherNameAndProtocol, PeerCertificate, TLSSocket } from "node:tls";
import { isCancelled } from "../cancelled.js";
import { checkpoint, checkpointIfCancelled } from "../checkpoint.js";
import type { Operation } from "../operation.js";
import { requireBytes, requireMaxBytes } from "../streams/bytes.js";
import type { Stream } from "../streams/stream.js";
import { BrokenResourceError, ClosedResourceError } from "../sync/resource-errors.js";
import { CertificateError } from "./certificate-error.js";
import type { SocketStream } from "./socket-stream.js";
import { TlsHandshake, type Shake } from "./tls-handshake.js";
import { TlsSession } from "./tls-session.js";
import { TlsTransport } from "./tls-transport.js";

/** What both sides of a TLS stream may choose. */
export interface TlsStreamOptions {
  /**
   * Whether to behave as HTTPS programs do: not to say that this side closes, and to take a connection that is cut for one
   * that has ended. False unless given: then a cut is a BrokenResourceError, so that nobody in between can shorten what is
   * received.
   */
  readonly httpsCompatible?: boolean;
}

/** Something was asked of a TLS stream that only the handshake decides. */
export class NeedHandshakeError extends TrestleError {
  static override readonly code = "TRESTLE_NEED_HANDSHAKE";

  constructor(what: string) {
    super(
      "NeedHandshakeError",
      new.target.code,
      `Cannot tell the ${what} of a TLS stream: there was no handshake yet.\nCall 'yield* stream.doHandshake()' before.`,
    );
  }
}

/**
 * A stream of bytes that only the two sides can read, over a SocketStream, which it owns. It is made by `openTlsStream`,
 * `wrapTlsClient`, `wrapTlsServer` and by the servers.
 *
 * The first use shakes hands; what fails there makes each use fail. After a send or a handshake that was cancelled before its
 * end, the stream is broken. Source: Trio's SSLStream, on Node's `tls`. Flavor: structured.
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { openTlsStream, type TlsStream } from "@trestle/structured/net";
 *
 * function* askFor(stream: TlsStream, path: string) {
 *   yield* stream.sendAll(new TextEncoder().encode(`GET ${path} HTTP/1.0\r\n\r\n`));
 *   return yield* stream.receiveSome();
 * }
 *
 * await run(function* () {
 *   const stream = yield* openTlsStream("example.com", 443);
 *   yield* askFor(stream, "/");
 *   yield* stream.aclose();
 * });
 * ```
 */
export class TlsStream implements Stream {
  /** The stream below, for the addresses. It must not be used otherwise. */
  readonly transport: SocketStream;
  readonly #shake: Shake;
  readonly #whose: string;
  readonly #httpsCompatible: boolean;
  #handshake: TlsHandshake<TlsSession> | undefined;
  #isClosed = false;

  /** @internal */
  constructor(transport: SocketStream, whose: string, shake: Shake, options: TlsStreamOptions) {
    this.transport = transport;
    this.#shake = shake;
    this.#whose = whose;
    this.#httpsCompatible = options.httpsCompatible ?? false;
  }

  /**
   * Node's TLS socket, for what has no name here. Reading from it or writing to it disturbs the stream. @throws
   * NeedHandshakeError
   */
  get socket(): TLSSocket {
    return this.#afterHandshake("socket");
  }

  /** The version of TLS: "TLSv1.3". @throws NeedHandshakeError */
  get protocol(): string | null {
    return this.#afterHandshake("version").getProtocol();
  }

  /** The protocol that was agreed on for what is inside, by ALPN; undefined where none was. @throws NeedHandshakeError */
  get alpnProtocol(): string | undefined {
    const protocol = this.#afterHandshake("protocol").alpnProtocol;
    return typeof protocol === "string" && protocol !== "" ? protocol : undefined;
  }

  /** How the bytes are encrypted. @throws NeedHandshakeError */
  get cipher(): CipherNameAndProtocol {
    return this.#afterHandshake("cipher").getCipher();
  }

  /** The certificate of the other side; undefined where it has shown none. @throws NeedHandshakeError */
  get peerCertificate(): PeerCertificate | undefined {
    const certificate = this.#afterHandshake("certificate of the other side").getPeerCertificate();
    return Object.keys(certificate).length === 0 ? undefined : certificate;
  }

  /**
   * Shakes hands now, rather than at the first use; all who call it wait for the one handshake. A cancellation breaks the stream.
   *
   * @throws CertificateError; BrokenResourceError where it fails otherwise; ClosedResourceError
   */
  *doHandshake(): Operation<void> {
    yield* this.#session();
    yield* checkpoint();
  }

  *receiveSome(maxBytes?: number): Operation<Uint8Array> {
    requireMaxBytes(maxBytes);
    const session = yield* this.#session();
    return yield* session.receiveSome(maxBytes);
  }

  *sendAll(data: Uint8Array): Operation<void> {
    requireBytes(data, "send");
    const session = yield* this.#session();
    yield* session.sendAll(data);
  }

  *waitSendAllMightNotBlock(): Operation<void> {
    const session = yield* this.#session();
    yield* session.waitSendAllMightNotBlock();
  }

  /**
   * Says to the other side that this one closes, unless the stream is broken or `httpsCompatible`, and closes the socket. It does
   * not wait for an answer, nor for a side that does not read.
   */
  *aclose(): Operation<void> {
    const session = this.#handshake?.value;
    const farewell = this.#httpsCompatible || this.#isClosed ? "silent" : "said";
    this.#isClosed = true;
    this.#handshake?.fail(new ClosedResourceError("shake hands"));
    try {
      if (session !== undefined) yield* session.close(farewell);
    } finally {
      this.transport.socket.destroy();
    }
    yield* this.transport.aclose();
  }

  *#session(): Operation<TlsSession> {
    if (this.#isClosed) throw new ClosedResourceError("use a TLS stream");
    const session = this.#handshake?.value;
    if (session !== undefined) return session;
    yield* checkpointIfCancelled();
    this.#handshake ??= this.#begin();
    try {
      return yield* this.#handshake.wait();
    } catch (error) {
      if (isCancelled(error)) this.#handshake.fail(this.#broken(new Error("it was cancelled")));
      throw error;
    }
  }

  #begin(): TlsHandshake<TlsSession> {
    const handshake = new TlsHandshake<TlsSession>();
    const fail = (error: unknown): void => {
      handshake.value?.fail(error);
      handshake.fail(this.#broken(error));
    };
    const transport = new TlsTransport(this.transport.socket, {
      failed: fail,
      blocked: () => handshake.value?.blocked(),
      ended: () => this.#ended(handshake.value, fail),
    });
    this.#shake(
      transport.duplex,
      (socket) => handshake.succeed(new TlsSession(socket, transport)),
      fail,
    );
    transport.open();
    return handshake;
  }

  #ended(session: TlsSession | undefined, fail: (error: unknown) => void): void {
    if (session === undefined) fail(new Error("the other side hung up"));
    else if (this.#httpsCompatible) session.end();
    else if (!session.isOver)
      fail(new Error("the connection was cut: no 'close_notify' came before its end"));
  }

  #broken(cause: unknown): BrokenResourceError | CertificateError {
    if (cause instanceof CertificateError) return cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new BrokenResourceError(`shake hands with ${this.#whose}`, why, { cause });
  }

  #afterHandshake(what: string): TLSSocket {
    const session = this.#handshake?.value;
    if (session === undefined) throw new NeedHandshakeError(what);
    return session.socket;
  }
}
