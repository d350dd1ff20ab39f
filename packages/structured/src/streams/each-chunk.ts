import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import type { ReceiveStream } from "./stream.js";

/**
 * Runs a body for each chunk of bytes that a stream gives, one after another, until the stream ends. The stream stays open.
 *
 * Waits for chunks and bodies. A cancellation ends it, and no chunk is lost between two bodies. It throws what the stream
 * and the body throw. Source: iteration over Trio's streams. Flavor: structured.
 *
 * @example
 * ```ts
 * import type { Operation } from "@trestle/structured";
 * import { eachChunk, type ReceiveStream } from "@trestle/structured/streams";
 *
 * function* measure(stream: ReceiveStream): Operation<number> {
 *   let total = 0;
 *   yield* eachChunk(stream, function* (chunk) {
 *     total += chunk.length;
 *   });
 *   return total;
 * }
 * ```
 */
export function* eachChunk(
  stream: ReceiveStream,
  body: (chunk: Uint8Array) => Operation<unknown>,
): Operation<void> {
  for (;;) {
    const chunk = yield* stream.receiveSome();
    if (chunk.length === 0) return;
    yield* callStructured(body, [chunk], "receive each chunk");
  }
}
