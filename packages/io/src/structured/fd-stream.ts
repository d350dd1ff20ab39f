import {
  cancelShieldedCheckpoint,
  checkpoint,
  checkpointIfCancelled,
  type Operation,
} from "@trestle/structured";
import { callStructured, suspend } from "@trestle/structured/lowlevel";
import type { Stream } from "@trestle/structured/streams";
import { owned, type OwnedDescriptor } from "../descriptor/owned-descriptor.js";
import { requireBytes, requireMaxBytes } from "../descriptor/bytes.js";
import type { Descriptor, Direction } from "../readiness/descriptor.js";
import { held } from "./held.js";

/**
 * A stream over a descriptor of a pipe, socket, terminal or device, which it owns from then on.
 *
 * The open file is set not to block, and as it was before when the stream is closed; a terminal or pipe that other processes use
 * notices. One task may send beside one that receives. Closing is immediate, and what waits in the stream then fails with
 * ClosedResourceError. What the operating system says is the cause of a BrokenResourceError. Lines and amounts are read by a
 * `BufferedReceiveStream` around it.
 *
 * Source: Trio's `FdStream`. Flavor: structured.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { BufferedReceiveStream, closing } from "@trestle/structured/streams";
 * import { FdStream } from "@trestle/io/structured";
 * import { openSync } from "node:fs";
 *
 * await run(function* () {
 *   const input = new FdStream(openSync("/dev/tty", "r"));
 *   yield* closing(new BufferedReceiveStream(input), function* (reader) {
 *     console.log(`hello, ${yield* reader.readLine()}`);
 *   });
 * });
 * ```
 */
export class FdStream implements Stream {
  readonly #descriptor: OwnedDescriptor;

  /**
   * @param descriptor open, and nobody else's: not one that a socket or stream of Node has
   * @throws ArgumentError for what is no descriptor; BadDescriptorError
   */
  constructor(descriptor: Descriptor) {
    this.#descriptor = owned(descriptor);
  }

  /** The number, to look at. To use it, see `lend`. */
  get fd(): number {
    return this.#descriptor.fd;
  }

  /** Gives the next bytes, 65,536 at most. As `ReceiveStream` has it. */
  *receiveSome(maxBytes?: number): Operation<Uint8Array> {
    requireMaxBytes(maxBytes);
    const descriptor = this.#descriptor;
    descriptor.begin("reading");
    try {
      yield* checkpointIfCancelled();
      for (let hasWaited = false; ; hasWaited = true) {
        const bytes = descriptor.read(maxBytes);
        if (bytes !== undefined) {
          // What was read must not be lost: from here on nothing can be cancelled.
          if (!hasWaited) yield* cancelShieldedCheckpoint();
          return bytes;
        }
        yield* this.#ready("reading");
      }
    } finally {
      descriptor.end("reading");
    }
  }

  /** Sends all of the bytes, in as many pieces as there is room for. As `SendStream` has it. */
  *sendAll(data: Uint8Array): Operation<void> {
    requireBytes(data, "send");
    const descriptor = this.#descriptor;
    descriptor.begin("writing");
    try {
      yield* checkpoint();
      for (let sent = 0; sent < data.length;) {
        const count = descriptor.write(data.subarray(sent));
        sent += count;
        if (sent < data.length) yield* this.#ready("writing");
      }
    } finally {
      descriptor.end("writing");
    }
  }

  /** Waits until there is room. As `SendStream` has it. */
  *waitSendAllMightNotBlock(): Operation<void> {
    const descriptor = this.#descriptor;
    descriptor.begin("writing");
    try {
      yield* this.#ready("writing");
    } finally {
      descriptor.end("writing");
    }
  }

  /**
   * Runs a body with the number, which stays this stream's own until the body has ended, also where the stream is closed meanwhile.
   *
   * Waits for the body, and gives its value. Source: ours. Flavor: structured.
   *
   * @param body must not close the number, and not read or write by it where a task uses the stream
   * @throws ClosedResourceError where the stream is closed; what the body throws
   */
  *lend<T>(body: (fd: number) => Operation<T>): Operation<T> {
    const release = this.#descriptor.lend();
    try {
      return yield* callStructured(body, [this.fd], "use a descriptor");
    } finally {
      release();
    }
  }

  /** Closes it at once, and passes a checkpoint. As `AsyncResource` has it. */
  *aclose(): Operation<void> {
    this.#descriptor.close();
    yield* checkpoint();
  }

  #ready(direction: Direction): Operation<void> {
    const what = `descriptor ${this.fd} to be ${direction === "reading" ? "readable" : "writable"}`;
    return suspend(held(this.#descriptor.whenReady(direction), what), what);
  }
}
