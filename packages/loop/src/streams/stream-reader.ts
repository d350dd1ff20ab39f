// The reading end of a connection. Bytes gather here until somebody takes them: a read that is cancelled, or that waits for more,
// has taken nothing.
import { ArgumentError, describe } from "@trestle/host";
import { requireLoop } from "../current.js";
import type { EventLoop } from "../event-loop.js";
import { InvalidStateError } from "../invalid-state-error.js";
import { checkSignal, type SignalOption } from "../signal-option.js";
import { checkLimit, DEFAULT_LIMIT, type BufferOptions } from "./buffer-options.js";
import { ByteBuffer } from "./byte-buffer.js";
import { DataWait, type ReadSource } from "./data-wait.js";
import { IncompleteReadError, LimitOverrunError } from "./stream-errors.js";

/** How a reader is made. */
export interface StreamReaderOptions extends Pick<BufferOptions, "limit"> {
  /** The loop that it belongs to; the running one unless given. */
  readonly loop?: EventLoop | undefined;
}

const READ = "read from a stream";
const NEWLINE = Buffer.from("\n");

/**
 * Reads from a connection: some bytes, so many, up to a separator, or line by line. `openConnection` and `startServer` make it;
 * one of your own is fed with `feedData` and `feedEof`.
 *
 * A read waits until its bytes have come. Cancelling the task, or an abort of `signal`, ends the wait, and then nothing is taken:
 * the next read has all of it. One task reads at a time.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop; `feedData` and its like may be called from anywhere.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { openConnection } from "@trestle/loop/streams";
 *
 * await run(async () => {
 *   const [reader, writer] = await openConnection("127.0.0.1", 7);
 *   writer.write("hello\n");
 *   console.log(String(await reader.readline()));
 *   writer.close();
 *   await writer.waitClosed();
 * });
 * ```
 */
export class StreamReader implements AsyncIterable<Buffer> {
  readonly #limit: number;
  readonly #buffer = new ByteBuffer();
  readonly #data: DataWait;
  #isEof = false;
  #failed: { readonly error: unknown } | undefined;

  /** @throws ArgumentError for a limit that is no number of bytes; NoLoopError */
  constructor({ limit = DEFAULT_LIMIT, loop }: StreamReaderOptions = {}) {
    checkLimit(limit, "make a reader");
    this.#limit = limit;
    this.#data = new DataWait(loop ?? requireLoop("make a StreamReader"));
  }

  /**
   * Gives up to so many bytes, at least one; none at the end of the stream. Waits until there are some; without a number until the
   * end, and gives everything.
   *
   * @param count a whole number; less than 0 for everything
   * @throws what the connection failed with; the reason of `signal`; InvalidStateError where another task reads; ArgumentError
   */
  async read(count = -1, options: SignalOption = {}): Promise<Buffer> {
    if (!Number.isInteger(count)) throw badCount(count);
    this.#begin(options);
    if (count === 0) return Buffer.alloc(0);
    while (!this.#isEof && (count < 0 || this.#buffer.size === 0)) await this.#data.wait(options);
    return this.#take(count < 0 ? this.#buffer.size : count);
  }

  /**
   * Gives exactly so many bytes. Waits until they have come.
   *
   * @param count a whole number, 0 or more
   * @throws IncompleteReadError where the stream ends before; otherwise as `read`
   */
  async readexactly(count: number, options: SignalOption = {}): Promise<Buffer> {
    if (!Number.isInteger(count) || count < 0) throw badCount(count);
    this.#begin(options);
    while (this.#buffer.size < count) {
      if (this.#isEof) throw new IncompleteReadError(this.#buffer.take(), count);
      await this.#data.wait(options);
    }
    return this.#take(count);
  }

  /**
   * Gives the bytes up to the separator, and the separator. Waits until it has come.
   *
   * @param separator bytes, or text in UTF-8; a newline unless given
   * @throws IncompleteReadError where the stream ends before; LimitOverrunError where it does not come within the limit, and then
   * nothing is taken; otherwise as `read`
   */
  async readuntil(
    separator: string | Uint8Array = NEWLINE,
    options: SignalOption = {},
  ): Promise<Buffer> {
    const wanted = separatorOf(separator);
    this.#begin(options);
    for (let from = 0; ;) {
      const found = this.#buffer.indexOf(wanted, from);
      from = Math.max(0, this.#buffer.size + 1 - wanted.length);
      if (found > this.#limit) throw new LimitOverrunError(this.#limit, found);
      if (found !== -1) return this.#take(found + wanted.length);
      if (from > this.#limit) throw new LimitOverrunError(this.#limit, from);
      if (this.#isEof) throw new IncompleteReadError(this.#buffer.take(), undefined);
      await this.#data.wait(options);
    }
  }

  /**
   * Gives the next line with its newline, which the last one need not have; no bytes at the end of the stream.
   *
   * @throws LimitOverrunError where the line is longer than the limit, and then what has come of it is thrown away; otherwise as
   * `read`
   */
  async readline(options: SignalOption = {}): Promise<Buffer> {
    try {
      return await this.readuntil(NEWLINE, options);
    } catch (error) {
      if (error instanceof IncompleteReadError) return error.partial;
      if (error instanceof LimitOverrunError) this.#dropLine(error.consumed);
      throw error;
    }
  }

  /** Gives the lines, as `readline` does, until the stream ends. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const line = await this.readline();
      if (line.length === 0) return;
      yield line;
    }
  }

  /** Whether the stream has ended and all of it has been read. */
  atEof(): boolean {
    return this.#isEof && this.#buffer.size === 0;
  }

  /** What the connection failed with; undefined where it has not. */
  exception(): unknown {
    return this.#failed?.error;
  }

  /** Puts bytes in, for who reads. @throws InvalidStateError after the end */
  feedData(data: Uint8Array): void {
    if (this.#isEof) {
      throw new InvalidStateError(
        "Cannot feed a reader with data: its stream has ended.\nFeed it before 'feedEof'.",
      );
    }
    if (data.length === 0) return;
    this.#buffer.add(data);
    this.#data.wake();
    if (this.#buffer.size > 2 * this.#limit) this.#data.pause();
  }

  /** Ends the stream: who reads gets what is there, and then nothing. */
  feedEof(): void {
    this.#isEof = true;
    this.#data.wake();
  }

  /** Fails the stream: every read throws this from now on. */
  setException(error: unknown): void {
    this.#failed = { error };
    this.#data.fail(error);
  }

  /** Says where the bytes come from, so that it can be told to pause. */
  setSource(source: ReadSource): void {
    this.#data.source = source;
  }

  #begin(options: SignalOption): void {
    checkSignal(options, READ);
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  #take(count: number): Buffer {
    const taken = this.#buffer.take(count);
    if (this.#buffer.size <= this.#limit) this.#data.resume();
    return taken;
  }

  #dropLine(consumed: number): void {
    const isWhole = this.#buffer.indexOf(NEWLINE, consumed) === consumed;
    this.#buffer.take(isWhole ? consumed + NEWLINE.length : this.#buffer.size);
    if (this.#buffer.size <= this.#limit) this.#data.resume();
  }
}

function separatorOf(separator: string | Uint8Array): Uint8Array {
  const bytes = typeof separator === "string" ? Buffer.from(separator) : separator;
  if (bytes instanceof Uint8Array && bytes.length > 0) return bytes;
  throw new ArgumentError(
    `Cannot read up to ${describe(separator)}: text or bytes are wanted, and at least one.`,
  );
}

function badCount(count: unknown): ArgumentError {
  return new ArgumentError(`Cannot read ${describe(count)} bytes: a whole number is wanted.`);
}
