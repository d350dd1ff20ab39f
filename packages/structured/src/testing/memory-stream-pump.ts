import { BrokenResourceError, ClosedResourceError, WouldBlock } from "../sync/resource-errors.js";
import type { MemoryReceiveStream } from "./memory-receive-stream.js";
import type { MemorySendStream } from "./memory-send-stream.js";

/** How a pump works. */
export interface MemoryStreamPumpOptions {
  /** How many bytes it moves at most, a whole number from 1; all unless given. */
  readonly maxBytes?: number;
}

/**
 * Moves what was sent into one memory stream to another one, for it to be received there, or the end where the first is closed.
 *
 * It waits for nothing. Source: Trio. Flavor: structured; it may be called from anywhere.
 *
 * @returns whether there was something to move
 * @throws BrokenResourceError where the receiving stream is closed
 * @example
 * ```ts
 * import { MemoryReceiveStream, MemorySendStream, memoryStreamPump } from "@trestle/structured/testing";
 *
 * const send = new MemorySendStream();
 * const receive = new MemoryReceiveStream();
 * memoryStreamPump(send, receive, { maxBytes: 1 }); // false
 * ```
 */
export function memoryStreamPump(
  sendStream: MemorySendStream,
  receiveStream: MemoryReceiveStream,
  options: MemoryStreamPumpOptions = {},
): boolean {
  let data: Uint8Array;
  try {
    data = sendStream.getDataNowait(options.maxBytes);
  } catch (error) {
    if (error instanceof WouldBlock) return false;
    throw error;
  }
  try {
    if (data.length === 0) receiveStream.putEof();
    else receiveStream.putData(data);
  } catch (cause) {
    if (!(cause instanceof ClosedResourceError)) throw cause;
    throw new BrokenResourceError("move data to a memory stream", "it has been closed", { cause });
  }
  return true;
}
