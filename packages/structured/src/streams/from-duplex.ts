import { isCancelled } from "../cancelled.js";
import type { Operation } from "../operation.js";
import { NodeBytes } from "./node-bytes.js";
import {
  requireBytesIn,
  requireBytesOut,
  requireNodeStream,
  type NodeDuplex,
} from "./node-stream.js";
import { NodeWatch } from "./node-watch.js";
import { NodeWriting } from "./node-writing.js";
import type { HalfCloseableStream } from "./stream.js";

/**
 * Makes a stream in both directions of a Duplex of Node, such as a socket, which it owns from then on.
 *
 * It waits for nothing. Closing ends the Duplex, waits until all has been written, and destroys it; cancelled, or after a
 * send that was cancelled, it destroys it at once. Unlike with a Writable it tells of no failure then: who wants to know
 * that all has been written calls `sendEof` first. A failure of the Duplex is the cause of the BrokenResourceError. Source:
 * ours. Flavor: structured.
 *
 * @param duplex in object mode in neither direction. One that is to send on after the other side has ended, or whose
 * `sendEof` is to leave it open, wants `allowHalfOpen: true`, which sockets lack unless asked
 * @throws ArgumentError for what is no Duplex of bytes
 * @example
 * ```ts
 * import type { Operation } from "@trestle/structured";
 * import { closing, fromDuplex } from "@trestle/structured/streams";
 * import type { Socket } from "node:net";
 *
 * function* ask(socket: Socket, question: Uint8Array): Operation<Uint8Array> {
 *   return yield* closing(fromDuplex(socket), function* (stream) {
 *     yield* stream.sendAll(question);
 *     return yield* stream.receiveSome();
 *   });
 * }
 * ```
 */
export function fromDuplex(duplex: NodeDuplex): HalfCloseableStream {
  requireNodeStream(duplex, ["read", "write", "end"], "Duplex");
  requireBytesOut(duplex);
  requireBytesIn(duplex);
  return new NodeDuplexStream(duplex);
}

class NodeDuplexStream implements HalfCloseableStream {
  readonly #watch: NodeWatch;
  readonly #bytes: NodeBytes;
  readonly #writing: NodeWriting;

  constructor(duplex: NodeDuplex) {
    this.#watch = new NodeWatch(duplex);
    this.#bytes = new NodeBytes(duplex, this.#watch);
    this.#writing = new NodeWriting(duplex, this.#watch);
  }

  sendAll(data: Uint8Array): Operation<void> {
    return this.#writing.sendAll(data);
  }

  waitSendAllMightNotBlock(): Operation<void> {
    return this.#writing.waitSendAllMightNotBlock();
  }

  sendEof(): Operation<void> {
    return this.#writing.sendEof();
  }

  receiveSome(maxBytes?: number): Operation<Uint8Array> {
    return this.#bytes.receiveSome(maxBytes);
  }

  aclose(): Operation<void> {
    return this.#watch.close(() => finishQuietly(this.#writing));
  }
}

function* finishQuietly(writing: NodeWriting): Operation<void> {
  try {
    yield* writing.finish();
  } catch (error) {
    if (isCancelled(error)) throw error;
  }
}
