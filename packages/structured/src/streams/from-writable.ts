import type { Operation } from "../operation.js";
import { requireBytesIn, requireNodeStream, type NodeWritable } from "./node-stream.js";
import { NodeWatch } from "./node-watch.js";
import { NodeWriting } from "./node-writing.js";
import type { SendStream } from "./stream.js";

/**
 * Makes a stream that sends into a Writable of Node, which it owns from then on: closing it ends the Writable.
 *
 * It waits for nothing. A send waits until the Writable has done with the data. Closing waits until all has been written, and
 * throws a BrokenResourceError where that fails; cancelled, or after a send that was cancelled, it destroys the Writable. An HTTP request
 * or response is left to its connection when it has been sent. A
 * failure of the Writable is the cause of the BrokenResourceError. Source: ours. Flavor: structured.
 *
 * @param writable not in object mode
 * @throws ArgumentError for what is no Writable of bytes
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { closing, fromWritable } from "@trestle/structured/streams";
 * import { createWriteStream } from "node:fs";
 *
 * await run(() =>
 *   closing(fromWritable(createWriteStream("greeting.txt")), (stream) =>
 *     stream.sendAll(new TextEncoder().encode("hello")),
 *   ),
 * );
 * ```
 */
export function fromWritable(writable: NodeWritable): SendStream {
  requireNodeStream(writable, ["write", "end"], "Writable");
  requireBytesIn(writable);
  return new NodeSendStream(writable);
}

class NodeSendStream implements SendStream {
  readonly #watch: NodeWatch;
  readonly #writing: NodeWriting;

  constructor(writable: NodeWritable) {
    this.#watch = new NodeWatch(writable);
    this.#writing = new NodeWriting(writable, this.#watch);
  }

  sendAll(data: Uint8Array): Operation<void> {
    return this.#writing.sendAll(data);
  }

  waitSendAllMightNotBlock(): Operation<void> {
    return this.#writing.waitSendAllMightNotBlock();
  }

  aclose(): Operation<void> {
    return this.#watch.close(() => this.#writing.finish());
  }
}
