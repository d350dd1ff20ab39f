import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { ArgumentError, describe } from "@trestle/host";
import {
  cancelShieldedCheckpoint,
  CancelScope,
  checkpointIfCancelled,
  ClosedResourceError,
  Lock,
  type Operation,
} from "@trestle/structured";
import { callStructured } from "@trestle/structured/lowlevel";
import { requireBytes, requireMaxBytes } from "../../descriptor/bytes.js";
import type { FileBytes } from "./file-bytes.js";
import { fileWork } from "./file-work.js";

const DEFAULT_MAX_BYTES = 65_536;

/**
 * An open file. Each call is done as a whole: a cancellation ends it before it begins or waits until it is done, so that what was
 * read is given, and what is written is written to its end. Tasks take turns, in the order in which they came.
 *
 * What the operating system says comes out as Node's own errors, with `code` "ENOENT" and the like. Source: Trio's asynchronous file
 * objects. Flavor: structured. `openFile` makes it.
 * @example
 * ```ts
 * import { openFile } from "@trestle/io/structured";
 * import { run, using } from "@trestle/structured";
 *
 * await run(() =>
 *   using(openFile("package.json"), function* (file) {
 *     console.log(yield* file.readLine());
 *   }),
 * );
 * ```
 */
export class AsyncFile {
  readonly #handle: FileHandle;
  readonly #bytes: FileBytes;
  readonly #turns = new Lock();
  #isClosed = false;

  /** @internal */
  constructor(handle: FileHandle, bytes: FileBytes) {
    this.#handle = handle;
    this.#bytes = bytes;
  }

  /** The descriptor, to look at; the file owns it. */
  get fd(): number {
    return this.#handle.fd;
  }

  /** Where the next byte is read or written, in bytes from the beginning. */
  get position(): number {
    return this.#bytes.position;
  }

  /**
   * Gives the next bytes, at least one; none at the end.
   *
   * @param maxBytes how many at most, a whole number from 1; 65,536 unless given, and never more
   * @throws ClosedResourceError, ArgumentError, what the operating system says
   */
  read(maxBytes: number = DEFAULT_MAX_BYTES): Operation<Uint8Array> {
    requireMaxBytes(maxBytes);
    return this.#inTurn("read from a file", () => this.#bytes.read(maxBytes));
  }

  /** Gives all bytes that are left. */
  readAll(): Operation<Uint8Array> {
    return this.#inTurn("read from a file", () => this.#bytes.readAll());
  }

  /** Gives all that is left, as text (UTF-8). */
  *readText(): Operation<string> {
    return new TextDecoder().decode(yield* this.readAll());
  }

  /** Gives the next line as text (UTF-8), without the `\n` or `\r\n` at its end, which the last need not have; undefined at the end. */
  readLine(): Operation<string | undefined> {
    return this.#inTurn("read from a file", () => this.#bytes.readLine());
  }

  /** Runs a body for each line, one after another, until the end of the file. */
  *eachLine(body: (line: string) => Operation<unknown>): Operation<void> {
    for (;;) {
      const line = yield* this.readLine();
      if (line === undefined) return;
      yield* callStructured(body, [line], "read each line");
    }
  }

  /**
   * Writes all of the data, text as UTF-8. Once it has begun it is not cut short by a cancellation: either nothing of it was
   * written, or all, or it throws.
   *
   * @throws ClosedResourceError, ArgumentError, what the operating system says: then a part may have been written
   */
  write(data: Uint8Array | string): Operation<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    requireBytes(bytes, "write");
    return this.#inTurn("write to a file", () => this.#bytes.write(bytes));
  }

  /**
   * Moves to a position, for the next read or write. A file that was opened to append is written at its end all the same.
   *
   * @param position in bytes from the beginning, a whole number from 0; below 0 from the end of the file
   */
  seek(position: number): Operation<void> {
    if (!Number.isSafeInteger(position)) {
      throw new ArgumentError(
        `Cannot move to ${describe(position)} in a file: a whole number of bytes is wanted.`,
      );
    }
    return this.#inTurn("move in a file", async () => {
      const from = position < 0 ? await this.#bytes.size() : 0;
      this.#bytes.seek(Math.max(0, from + position));
    });
  }

  /** Makes the file so many bytes long; 0 unless given. */
  truncate(length = 0): Operation<void> {
    return this.#inTurn("cut a file", () => this.#handle.truncate(length));
  }

  /** Waits until all that was written has reached the device. */
  sync(): Operation<void> {
    return this.#inTurn("bring a file to its device", () => this.#handle.sync());
  }

  /** Gives the size, the times and the like. */
  stat(): Operation<Stats> {
    return this.#inTurn("look at a file", () => this.#handle.stat());
  }

  /**
   * Closes the file, behind what is under way. It is closed afterwards also where the task is cancelled, which throws Cancelled
   * then. A second time does nothing.
   *
   * @throws what the operating system says, of what was written before
   */
  *aclose(): Operation<void> {
    const wasClosed = this.#isClosed;
    this.#isClosed = true;
    if (wasClosed) yield* cancelShieldedCheckpoint();
    else yield* new CancelScope({ shield: true }).run(() => this.#close());
    yield* checkpointIfCancelled();
  }

  #close(): Operation<void> {
    return this.#turns.hold(() => fileWork(() => this.#handle.close()));
  }

  #inTurn<T>(action: string, work: () => Promise<T>): Operation<T> {
    return this.#turns.hold(() => {
      if (this.#isClosed) throw new ClosedResourceError(action);
      return fileWork(work);
    });
  }
}
