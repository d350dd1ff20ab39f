import type { Operation } from "../operation.js";
import { noBytes, requireBytes, requireMaxBytes } from "./bytes.js";
import type { ReceiveStream } from "./stream.js";
import { WebReading } from "./web-reading.js";

/**
 * Makes a stream that receives from a ReadableStream, such as the body of a response. It locks and owns the ReadableStream
 * from then on: closing cancels it.
 *
 * It waits for nothing. A chunk is asked for when a task receives. A failure of the ReadableStream is the cause of a
 * BrokenResourceError. Source: ours. Flavor: structured.
 *
 * @param readable gives Uint8Arrays; see `fromReadableStreamItems` for others
 * @throws ArgumentError for what is no ReadableStream, or is locked; `receiveSome` throws it for a chunk that is no bytes
 * @example
 * ```ts
 * import { abortable, type Operation } from "@trestle/structured";
 * import { closing, eachChunk, fromReadableStream } from "@trestle/structured/streams";
 *
 * function* measure(url: string): Operation<number> {
 *   const response = yield* abortable((signal) => fetch(url, { signal }));
 *   if (response.body === null) return 0;
 *   let total = 0;
 *   yield* closing(fromReadableStream(response.body), (stream) =>
 *     eachChunk(stream, function* (chunk) {
 *       total += chunk.length;
 *     }),
 *   );
 *   return total;
 * }
 * ```
 */
export function fromReadableStream(readable: ReadableStream<Uint8Array>): ReceiveStream {
  return new WebReceiveStream(readable);
}

class WebReceiveStream implements ReceiveStream {
  readonly #reading: WebReading<Uint8Array>;
  /** What was read beyond `maxBytes`. */
  #rest: Uint8Array | undefined;

  constructor(readable: ReadableStream<Uint8Array>) {
    this.#reading = new WebReading(readable);
  }

  *receiveSome(maxBytes?: number): Operation<Uint8Array> {
    requireMaxBytes(maxBytes);
    return yield* this.#reading.next(
      () => this.#cut(this.#rest, maxBytes),
      (chunk) => this.#cut(chunk, maxBytes),
      noBytes,
    );
  }

  aclose(): Operation<void> {
    return this.#reading.aclose();
  }

  /** Gives nothing for a chunk without bytes: that would look like the end. */
  #cut(bytes: Uint8Array | undefined, maxBytes = Infinity): Uint8Array | undefined {
    this.#rest = undefined;
    if (bytes === undefined) return undefined;
    requireBytes(bytes, "receive");
    if (bytes.length > maxBytes) this.#rest = bytes.subarray(maxBytes);
    return bytes.length === 0 ? undefined : bytes.subarray(0, maxBytes);
  }
}
