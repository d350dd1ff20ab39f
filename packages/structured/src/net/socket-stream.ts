import { ArgumentError, describe } from "@trestle/host";
import { Socket } from "node:net";
import type { Operation } from "../operation.js";
import { NodeBytes } from "../streams/node-bytes.js";
import { NodeWatch } from "../streams/node-watch.js";
import { NodeWriting } from "../streams/node-writing.js";
import type { HalfCloseableStream } from "../streams/stream.js";
import type { Endpoint } from "./endpoint.js";

/**
 * A stream of bytes over a socket: a TCP connection or one through a Unix socket. It owns the socket: closing the stream
 * destroys it.
 *
 * A send is done when the system has taken the bytes, so whoever reads paces the sender. What was received and not fetched
 * stays for the next `receiveSome`, also where one was cancelled. Small sends go out at once (`TCP_NODELAY`). An error of the
 * socket is a BrokenResourceError, with that error as its cause.
 *
 * Source: Trio's SocketStream, on Node's `net`. Flavor: structured.
 *
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { SocketStream } from "@trestle/structured/net";
 * import { closing } from "@trestle/structured/streams";
 * import { createServer } from "node:net";
 *
 * // A connection that other code has accepted; it must let the two directions end by themselves.
 * createServer({ allowHalfOpen: true }, (socket) => {
 *   void run(() =>
 *     closing(new SocketStream(socket), (stream) => stream.sendAll(new TextEncoder().encode("hello\n"))),
 *   );
 * }).listen(8080);
 * ```
 */
export class SocketStream implements HalfCloseableStream {
  /** Node's socket, for what has no name here, such as keep-alive. Reading from it or writing to it disturbs the stream. */
  readonly socket: Socket;
  /** This side of the connection, also after it has closed; undefined for a Unix socket. */
  readonly localAddress: Endpoint | undefined;
  /** The other side of the connection, also after it has closed; undefined for a Unix socket. */
  readonly remoteAddress: Endpoint | undefined;
  readonly #watch: NodeWatch;
  readonly #bytes: NodeBytes;
  readonly #writing: NodeWriting;

  /**
   * @param socket connected, made with `allowHalfOpen`, and in nobody else's use
   * @throws ArgumentError for what is no socket of `node:net`
   */
  constructor(socket: Socket) {
    requireSocket(socket);
    this.socket = socket;
    this.localAddress = endpoint(socket.localAddress, socket.localPort);
    this.remoteAddress = endpoint(socket.remoteAddress, socket.remotePort);
    this.#watch = new NodeWatch(socket);
    this.#bytes = new NodeBytes(socket, this.#watch);
    this.#writing = new NodeWriting(socket, this.#watch);
    socket.setNoDelay(true);
  }

  sendAll(data: Uint8Array): Operation<void> {
    return this.#writing.sendAll(data);
  }

  waitSendAllMightNotBlock(): Operation<void> {
    return this.#writing.waitSendAllMightNotBlock();
  }

  receiveSome(maxBytes?: number): Operation<Uint8Array> {
    return this.#bytes.receiveSome(maxBytes);
  }

  sendEof(): Operation<void> {
    return this.#writing.sendEof();
  }

  /** Closes the socket, and waits until the system has let go of it. What was sent is sent; nothing else is waited for. */
  aclose(): Operation<void> {
    // What `sendAll` has finished with is the system's already, and an end without `sendEof` needs no words.
    return this.#watch.close(function* () {});
  }
}

function requireSocket(socket: unknown): void {
  if (!(socket instanceof Socket)) {
    throw new ArgumentError(
      `Cannot make a 'SocketStream' of ${describe(socket)}: a Socket of 'node:net' is wanted.\n` +
        "'fromDuplex' takes other streams of Node.",
    );
  }
}

function endpoint(address: string | undefined, port: number | undefined): Endpoint | undefined {
  if (address === undefined || port === undefined) return undefined;
  return { address, port, family: address.includes(":") ? 6 : 4 };
}
