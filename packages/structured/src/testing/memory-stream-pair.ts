import type { Operation } from "../operation.js";
import { StapledStream } from "../streams/stapled-stream.js";
import { MemoryReceiveStream } from "./memory-receive-stream.js";
import { MemorySendStream } from "./memory-send-stream.js";
import { memoryStreamPump } from "./memory-stream-pump.js";

/**
 * Makes two memory streams, of which the second receives what is sent into the first, with no bound between them.
 *
 * It waits for nothing and throws nothing. The hooks of the first move the data, and may be changed to move less, or later. Source: Trio. Flavor:
 * structured.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { memoryStreamOneWayPair } from "@trestle/structured/testing";
 *
 * await run(function* () {
 *   const [send, receive] = memoryStreamOneWayPair();
 *   yield* send.sendAll(new Uint8Array([1]));
 *   console.log(yield* receive.receiveSome()); // Uint8Array [1]
 * });
 * ```
 */
export function memoryStreamOneWayPair(): [send: MemorySendStream, receive: MemoryReceiveStream] {
  const send = new MemorySendStream();
  const receive = new MemoryReceiveStream();
  send.sendAllHook = function* (): Operation<void> {
    memoryStreamPump(send, receive);
  };
  send.closeHook = () => {
    memoryStreamPump(send, receive);
  };
  return [send, receive];
}

/** One side of a pair of memory streams. */
export type MemoryStream = StapledStream<MemorySendStream, MemoryReceiveStream>;

/**
 * Makes two streams, each of which receives what is sent into the other, with no bound between them.
 *
 * It waits for nothing and throws nothing. The hooks are those of their `sendStream` and `receiveStream`. Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { memoryStreamPair } from "@trestle/structured/testing";
 *
 * await run(function* () {
 *   const [left, right] = memoryStreamPair();
 *   yield* left.sendAll(new Uint8Array([1]));
 *   yield* right.sendEof();
 *   console.log(yield* right.receiveSome()); // Uint8Array [1]
 * });
 * ```
 */
export function memoryStreamPair(): [left: MemoryStream, right: MemoryStream] {
  const [leftSend, rightReceive] = memoryStreamOneWayPair();
  const [rightSend, leftReceive] = memoryStreamOneWayPair();
  return [new StapledStream(leftSend, leftReceive), new StapledStream(rightSend, rightReceive)];
}
