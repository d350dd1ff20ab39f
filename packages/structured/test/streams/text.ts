import type { Operation } from "../../src/index.js";
import { eachChunk, type ReceiveStream } from "../../src/streams.js";

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

/** Gives everything that a stream has, as text. */
export function* textOf(stream: ReceiveStream): Operation<string> {
  let all = "";
  yield* eachChunk(stream, function* (chunk) {
    all += text(chunk);
  });
  return all;
}
