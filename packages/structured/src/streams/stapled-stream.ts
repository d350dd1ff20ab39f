import { ExceptionGroup } from "@trestle/host";
import { isCancelled } from "../cancelled.js";
import type { Operation } from "../operation.js";
import type { HalfCloseableStream, ReceiveStream, SendStream } from "./stream.js";

/** A stream that is sent into and can say "no more", as half of a stapled one may be. */
interface EndableSendStream extends SendStream {
  sendEof(): Operation<void>;
}

/**
 * A stream in both directions made of two in one direction each, such as the input and the output of a child process.
 *
 * Source: Trio's StapledStream. Flavor: structured.
 *
 * @example
 * ```ts
 * import { fromReadableStream, fromWritableStream, StapledStream } from "@trestle/structured/streams";
 *
 * const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
 * const echo = new StapledStream(fromWritableStream(writable), fromReadableStream(readable));
 * ```
 */
export class StapledStream<
  S extends SendStream = SendStream,
  R extends ReceiveStream = ReceiveStream,
> implements HalfCloseableStream {
  /** Where `sendAll` sends to. */
  readonly sendStream: S;
  /** Where `receiveSome` receives from. */
  readonly receiveStream: R;

  constructor(sendStream: S, receiveStream: R) {
    this.sendStream = sendStream;
    this.receiveStream = receiveStream;
  }

  /** Sends all of the bytes into the send stream. */
  sendAll(data: Uint8Array): Operation<void> {
    return this.sendStream.sendAll(data);
  }

  /** Waits until `sendAll` might not have to wait. */
  waitSendAllMightNotBlock(): Operation<void> {
    return this.sendStream.waitSendAllMightNotBlock();
  }

  /** Gives the next bytes of the receive stream. */
  receiveSome(maxBytes?: number): Operation<Uint8Array> {
    return this.receiveStream.receiveSome(maxBytes);
  }

  /** Ends the send stream by its own `sendEof`, or closes it where it has none. */
  sendEof(): Operation<void> {
    return canEnd(this.sendStream) ? this.sendStream.sendEof() : this.sendStream.aclose();
  }

  /**
   * Closes both, also where the first fails.
   *
   * @throws what the one throws that fails, an ExceptionGroup where both do; Cancelled gives way to an error
   */
  *aclose(): Operation<void> {
    const failures: unknown[] = [];
    for (const stream of [this.sendStream, this.receiveStream]) {
      try {
        yield* stream.aclose();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length === 0) return;
    const errors = failures.filter((failure) => !isCancelled(failure));
    if (errors.length > 1) {
      throw new ExceptionGroup("Cannot close both sides of a stapled stream.", errors);
    }
    throw errors.length === 1 ? errors[0] : failures[0];
  }
}

function canEnd(stream: SendStream): stream is EndableSendStream {
  return "sendEof" in stream && typeof stream.sendEof === "function";
}
