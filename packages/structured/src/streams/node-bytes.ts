import type { Operation } from "../operation.js";
import { noBytes, requireBytes, requireMaxBytes } from "./bytes.js";
import { NodeReading } from "./node-reading.js";
import type { NodeReadable } from "./node-stream.js";
import type { NodeWatch } from "./node-watch.js";

/** What a Node stream gives, as bytes. */
export class NodeBytes {
  readonly #stream: NodeReadable;
  readonly #reading: NodeReading;
  /** What was read beyond `maxBytes`. */
  #rest: Uint8Array | null = null;

  constructor(stream: NodeReadable, watch: NodeWatch) {
    this.#stream = stream;
    this.#reading = new NodeReading(stream, watch);
  }

  *receiveSome(maxBytes: number | undefined): Operation<Uint8Array> {
    requireMaxBytes(maxBytes);
    return yield* this.#reading.next(() => this.#read(maxBytes), noBytes);
  }

  #read(maxBytes = Infinity): Uint8Array | null {
    const found = this.#rest ?? this.#stream.read();
    this.#rest = null;
    if (found === null) return null;
    requireBytes(found, "receive");
    const bytes = plain(found);
    if (bytes.length > maxBytes) this.#rest = bytes.subarray(maxBytes);
    return bytes.subarray(0, maxBytes);
  }
}

/** Node's Buffers have a `slice` that does not copy, unlike other Uint8Arrays. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
