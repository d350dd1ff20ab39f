import type { Operation } from "../operation.js";
import { NodeBytes } from "./node-bytes.js";
import { requireBytesOut, requireNodeStream, type NodeReadable } from "./node-stream.js";
import { NodeWatch } from "./node-watch.js";
import type { ReceiveStream } from "./stream.js";

/**
 * Makes a stream that receives from a Readable of Node, which it owns from then on: closing it destroys the Readable.
 *
 * It waits for nothing. The stream reads only what is asked for, beyond what the Readable itself reads ahead. A failure of the
 * Readable is a BrokenResourceError with that failure as its cause, and so is one that is closed before its end. Source: ours.
 * Flavor: structured.
 *
 * @param readable not in object mode, and without an encoding; see `fromReadableItems` for those
 * @throws ArgumentError for what is no Readable of bytes
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { closing, eachChunk, fromReadable } from "@trestle/structured/streams";
 * import { createReadStream } from "node:fs";
 *
 * await run(() =>
 *   closing(fromReadable(createReadStream("access.log")), (stream) =>
 *     eachChunk(stream, function* (chunk) {
 *       console.log(chunk.length);
 *     }),
 *   ),
 * );
 * ```
 */
export function fromReadable(readable: NodeReadable): ReceiveStream {
  requireNodeStream(readable, ["read"], "Readable");
  requireBytesOut(readable);
  return new NodeReceiveStream(readable);
}

class NodeReceiveStream implements ReceiveStream {
  readonly #watch: NodeWatch;
  readonly #bytes: NodeBytes;

  constructor(readable: NodeReadable) {
    this.#watch = new NodeWatch(readable);
    this.#bytes = new NodeBytes(readable, this.#watch);
  }

  receiveSome(maxBytes?: number): Operation<Uint8Array> {
    return this.#bytes.receiveSome(maxBytes);
  }

  aclose(): Operation<void> {
    return this.#watch.close(function* () {});
  }
}
