import { checkpoint } from "../checkpoint.js";
import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { ArgumentError } from "@trestle/host";
import { ClosedResourceError } from "../sync/resource-errors.js";
import { ByteQueue } from "./byte-queue.js";
import { requireBytes, requireCount, requireMaxBytes } from "./bytes.js";
import { ConflictDetector } from "./conflict-detector.js";
import { DelimiterNotFoundError, IncompleteReadError } from "./read-errors.js";
import type { ReceiveStream } from "./stream.js";

const ACTION = "receive from a stream";
const NEWLINE = new Uint8Array([10]);
const CARRIAGE_RETURN = 13;
const DEFAULT_MAX_BYTES = 65_536;

/** How far a delimiter is looked for. */
export interface ReadUntilOptions {
  /** How many bytes there may be before the delimiter; 65,536 unless given. */
  readonly maxBytes?: number;
}

/**
 * Reads from a stream by amount, up to a delimiter, or by lines. What has come and was not asked for is kept for the next call,
 * and a read that was cancelled has taken nothing. It owns the stream from then on.
 *
 * Source: ours, after asyncio's StreamReader and AnyIO's BufferedByteReceiveStream. Flavor: structured.
 *
 * @example
 * ```ts
 * import type { Operation } from "@trestle/structured";
 * import { BufferedReceiveStream, type ReceiveStream } from "@trestle/structured/streams";
 *
 * function* readMessage(stream: ReceiveStream): Operation<Uint8Array> {
 *   const reader = new BufferedReceiveStream(stream);
 *   const length = Number(yield* reader.readLine());
 *   return yield* reader.readExactly(length);
 * }
 * ```
 */
export class BufferedReceiveStream implements ReceiveStream {
  readonly #stream: ReceiveStream;
  readonly #queue = new ByteQueue();
  readonly #conflicts = new ConflictDetector(ACTION);
  #isClosed = false;

  constructor(stream: ReceiveStream) {
    this.#stream = stream;
  }

  /** Gives what is kept, or else the next bytes of the stream; none at its end. As `ReceiveStream` has it. */
  receiveSome(maxBytes?: number): Operation<Uint8Array> {
    return this.#exclusively(() => this.#receiveSome(maxBytes));
  }

  /**
   * Gives exactly so many bytes. Waits until they have come.
   *
   * @param count a whole number, 0 or more
   * @throws IncompleteReadError where the stream ends before; what `receiveSome` throws
   */
  readExactly(count: number): Operation<Uint8Array> {
    return this.#exclusively(() => this.#readExactly(count));
  }

  /**
   * Gives the bytes up to the next delimiter, and takes the delimiter away. Waits until it has come.
   *
   * @param delimiter one byte or more
   * @throws IncompleteReadError where the stream ends before; DelimiterNotFoundError where it does not come in time; what
   * `receiveSome` throws
   */
  readUntil(delimiter: Uint8Array, options?: ReadUntilOptions): Operation<Uint8Array> {
    return this.#exclusively(() => this.#readUntil(delimiter, options));
  }

  /**
   * Gives the next line as text (UTF-8), without the `\n` or `\r\n` at its end, which the last line need not have; undefined at
   * the end of the stream.
   *
   * @throws DelimiterNotFoundError where the line is longer than `maxBytes`; what `receiveSome` throws
   */
  readLine(options?: ReadUntilOptions): Operation<string | undefined> {
    return this.#exclusively(() => this.#readLine(options));
  }

  /** Runs a body for each line, one after another, until the stream ends. Waits for lines and bodies. */
  *eachLine(
    body: (line: string) => Operation<unknown>,
    options?: ReadUntilOptions,
  ): Operation<void> {
    for (;;) {
      const line = yield* this.readLine(options);
      if (line === undefined) return;
      yield* callStructured(body, [line], "receive each line");
    }
  }

  /** Closes the stream. What was kept is gone. */
  *aclose(): Operation<void> {
    this.#isClosed = true;
    this.#queue.clear();
    yield* this.#stream.aclose();
  }

  *#exclusively<T>(read: () => Operation<T>): Operation<T> {
    this.#requireOpen();
    return yield* this.#conflicts.during(read);
  }

  *#receiveSome(maxBytes: number | undefined): Operation<Uint8Array> {
    requireMaxBytes(maxBytes);
    if (this.#queue.size === 0) return yield* this.#stream.receiveSome(maxBytes);
    yield* this.#pass();
    return this.#queue.take(maxBytes);
  }

  *#readExactly(count: number): Operation<Uint8Array> {
    requireCount(count, 0, "read");
    yield* this.#pass();
    while (this.#queue.size < count) {
      if (yield* this.#fill()) continue;
      throw new IncompleteReadError(`${count} bytes`, this.#queue.size);
    }
    return this.#queue.take(count);
  }

  *#readUntil(delimiter: Uint8Array, options?: ReadUntilOptions): Operation<Uint8Array> {
    requireDelimiter(delimiter);
    const found = yield* this.#find(delimiter, options);
    if (found === -1) throw new IncompleteReadError("up to the delimiter", this.#queue.size);
    return this.#takeTo(found, delimiter);
  }

  *#readLine(options?: ReadUntilOptions): Operation<string | undefined> {
    const found = yield* this.#find(NEWLINE, options);
    if (found === -1 && this.#queue.size === 0) return undefined;
    const line = found === -1 ? this.#queue.take() : this.#takeTo(found, NEWLINE);
    const end = found !== -1 && line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
    return new TextDecoder().decode(line.subarray(0, end));
  }

  #takeTo(found: number, delimiter: Uint8Array): Uint8Array {
    const bytes = this.#queue.take(found);
    this.#queue.take(delimiter.length);
    return bytes;
  }

  /** Where the delimiter is; -1 where the stream ends without. */
  *#find(delimiter: Uint8Array, options: ReadUntilOptions = {}): Operation<number> {
    const { maxBytes = DEFAULT_MAX_BYTES } = options;
    requireCount(maxBytes, 0, "read at most");
    yield* this.#pass();
    for (let from = 0; ;) {
      const found = this.#queue.indexOf(delimiter, from);
      from = Math.max(0, this.#queue.size - delimiter.length + 1);
      if (found > maxBytes || (found === -1 && from > maxBytes)) {
        throw new DelimiterNotFoundError(maxBytes);
      }
      if (found !== -1 || !(yield* this.#fill())) return found;
    }
  }

  /** Passes a checkpoint before anything is taken, so that a cancelled read has taken nothing. */
  *#pass(): Operation<void> {
    yield* checkpoint();
    this.#requireOpen();
  }

  /** Waits for more bytes; false where there are none any more. */
  *#fill(): Operation<boolean> {
    const chunk = yield* this.#stream.receiveSome();
    this.#requireOpen();
    this.#queue.push(chunk);
    return chunk.length > 0;
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new ClosedResourceError(ACTION);
  }
}

function requireDelimiter(delimiter: unknown): void {
  requireBytes(delimiter, "read up to");
  if (delimiter.length === 0) {
    throw new ArgumentError("Cannot read up to a delimiter without bytes: it is everywhere.");
  }
}
