import type { TLSSocket } from "node:tls";
import { isCancelled } from "../cancelled.js";
import type { Operation } from "../operation.js";
import type { Bell } from "../streams/bell.js";
import { NodeBytes } from "../streams/node-bytes.js";
import { NodeWatch } from "../streams/node-watch.js";
import { NodeWriting } from "../streams/node-writing.js";
import type { TlsTransport } from "./tls-transport.js";

/** A TLS stream after its handshake. */
export class TlsSession {
  readonly socket: TLSSocket;
  readonly #transport: TlsTransport;
  readonly #watch: NodeWatch;
  readonly #bytes: NodeBytes;
  readonly #writing: NodeWriting;
  readonly #bell: Bell;

  constructor(socket: TLSSocket, transport: TlsTransport) {
    this.socket = socket;
    this.#transport = transport;
    this.#watch = new NodeWatch(socket);
    this.#bytes = new NodeBytes(socket, this.#watch);
    this.#writing = new NodeWriting(socket, this.#watch);
    this.#bell = this.#watch.bell("the end of a TLS stream to be sent");
    this.#watchEnd();
  }

  /** Whether the other side has said that it closes. What it sent before may still be there to be received. */
  get isOver(): boolean {
    return this.#watch.hasEnded;
  }

  /** The connection has ended, and that is to be the end of what is received. */
  end(): void {
    if (!this.isOver) this.#transport.passEnd();
  }

  /** The connection below has failed, or what is between here and there. */
  readonly fail = (error: unknown): void => this.#watch.fail(error);

  receiveSome(maxBytes: number | undefined): Operation<Uint8Array> {
    return this.#bytes.receiveSome(maxBytes);
  }

  *sendAll(data: Uint8Array): Operation<void> {
    try {
      yield* this.#writing.sendAll(data);
    } catch (error) {
      if (isCancelled(error) && this.socket.writableLength > 0) {
        this.fail(new Error("a send was cancelled before all was sent"));
      }
      throw error;
    }
  }

  waitSendAllMightNotBlock(): Operation<void> {
    return this.#writing.waitSendAllMightNotBlock();
  }

  /** Says to the other side that this one closes. It does not wait for an answer, nor for a side that does not read. */
  *close(farewell: "said" | "silent"): Operation<void> {
    yield* this.#watch.close(() => this.#finish(farewell));
  }

  /** The system does not take any more bytes for now. */
  readonly blocked = (): void => this.#bell.ring();

  *#finish(farewell: "said" | "silent"): Operation<void> {
    if (farewell === "silent" || this.#watch.isBroken) return;
    this.socket.end();
    while (!this.#watch.hasFinished && !this.#watch.isBroken && !this.#transport.isBlocked) {
      yield* this.#bell.wait();
    }
  }

  // Node says 'end' when all has been read. That is too late to tell a close from a cut, and does not come at all where the
  // connection fails behind the close. What is left to read is read before anybody looks for the end.
  #watchEnd(): void {
    const push = this.socket.push.bind(this.socket);
    this.socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk === null) this.#watch.hasEnded = true;
      return push(chunk, encoding);
    };
  }
}
