import { getRunningLoop, until, type SignalOption } from "@trestle/loop";
import { requireBytes, requireMaxBytes } from "../descriptor/bytes.js";
import { owned, type OwnedDescriptor } from "../descriptor/owned-descriptor.js";
import type { Descriptor, Direction } from "../readiness/descriptor.js";
import { LineBuffer } from "./line-buffer.js";

/** How a line is read. */
export interface ReadLineOptions extends SignalOption {
  /** How many bytes a line may have; 65,536 unless given. */
  readonly limit?: number;
}

const LONGEST_LINE = 65_536;

/**
 * A stream over a descriptor of a pipe, socket, terminal or device, which it owns from then on.
 *
 * The open file is set not to block, and as it was before when the stream is closed. One task may write beside one that reads.
 * What the operating system says is the cause of a BrokenResourceError.
 *
 * Source: ours, after Trio's `FdStream`. Flavor: loop.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { FdStream } from "@trestle/io/loop";
 * import { openSync } from "node:fs";
 *
 * await run(async () => {
 *   await using input = new FdStream(openSync("/dev/tty", "r"));
 *   for await (const line of input.lines()) console.log(`hello, ${line}`);
 * });
 * ```
 */
export class FdStream implements AsyncDisposable {
  readonly #descriptor: OwnedDescriptor;
  /** What was read beyond the last line that was given. */
  readonly #lines = new LineBuffer();

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

  /**
   * Gives the next bytes: at least one, and none at the end. Waits until there are some; cancelled, it has taken nothing.
   *
   * @param maxBytes how many at most, a whole number from 1; 65,536 unless given, and never more
   * @throws ClosedResourceError where the stream is or gets closed; BusyResourceError where another task reads; BrokenResourceError;
   * ArgumentError
   */
  read(maxBytes?: number, options?: SignalOption): Promise<Uint8Array> {
    requireMaxBytes(maxBytes);
    return this.#exclusively("reading", async () => {
      return this.#lines.takeBytes(maxBytes) ?? (await this.#read(maxBytes, options));
    });
  }

  /**
   * Gives the next line of the text (UTF-8), without the `\n` or `\r\n` at its end, which the last line need not have; undefined at
   * the end. Waits until it has come; cancelled, it has taken nothing: what came of the line is there for the next call.
   *
   * @throws LimitOverrunError where the line is longer than `limit`, and what `read` throws
   */
  readLine(options: ReadLineOptions = {}): Promise<string | undefined> {
    const { limit = LONGEST_LINE } = options;
    requireMaxBytes(limit);
    return this.#exclusively("reading", async () => {
      for (;;) {
        const line = this.#lines.takeLine(limit);
        if (line !== undefined) return line;
        const bytes = await this.#read(undefined, options);
        if (bytes.length === 0) return this.#lines.takeRest();
        this.#lines.add(bytes);
      }
    });
  }

  /**
   * Writes all of the bytes, in as many pieces as there is room for. Where it fails or is cancelled, an unknown part of them has
   * been written.
   *
   * @throws ClosedResourceError, BusyResourceError, BrokenResourceError, NativeMissingError, ArgumentError
   */
  async write(data: Uint8Array, options?: SignalOption): Promise<void> {
    requireBytes(data, "write");
    await this.#exclusively("writing", async () => {
      for (let written = 0; written < data.length;) {
        written += this.#descriptor.write(data.subarray(written));
        if (written < data.length) await this.#ready("writing", options);
      }
    });
  }

  /** Gives the lines, as `readLine` does, until the end. */
  async *lines(options?: ReadLineOptions): AsyncGenerator<string, void, void> {
    for (;;) {
      const line = await this.readLine(options);
      if (line === undefined) return;
      yield line;
    }
  }

  /** Gives the bytes as they come, until the end. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const bytes = await this.read();
      if (bytes.length === 0) return;
      yield bytes;
    }
  }

  /**
   * Runs a body with the number, which stays this stream's own until the body has ended, also where the stream is closed meanwhile.
   *
   * @throws ClosedResourceError where the stream is closed; what the body throws
   */
  async lend<T>(body: (fd: number) => PromiseLike<T>): Promise<T> {
    const release = this.#descriptor.lend();
    try {
      return await body(this.fd);
    } finally {
      release();
    }
  }

  /** Closes it at once; whoever waits in it fails with ClosedResourceError. A second time does nothing. */
  close(): void {
    this.#descriptor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  async #exclusively<T>(direction: Direction, body: () => Promise<T>): Promise<T> {
    this.#descriptor.begin(direction);
    try {
      return await body();
    } finally {
      this.#descriptor.end(direction);
    }
  }

  async #read(maxBytes?: number, options?: SignalOption): Promise<Uint8Array> {
    for (;;) {
      const bytes = this.#descriptor.read(maxBytes);
      if (bytes !== undefined) return bytes;
      await this.#ready("reading", options);
    }
  }

  async #ready(direction: Direction, options: SignalOption = {}): Promise<void> {
    const what = `${direction} of descriptor ${this.fd}`;
    const letGo = getRunningLoop().host.hold(what);
    try {
      await until(this.#descriptor.whenReady(direction), what, options);
    } finally {
      letGo();
    }
  }
}
