// The bytes of an open file, by promises: whole pieces, at a position that is kept here. Node has no call that moves the position
// of the operating system, so what can be read at a position is; pipes, terminals and devices have none.
import type { FileHandle } from "node:fs/promises";

/** How much is read at once. */
const CHUNK = 65_536;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const decoder = new TextDecoder();

/** What reads and writes an open file. One call at a time. */
export class FileBytes {
  readonly #handle: FileHandle;
  readonly #isPositioned: boolean;
  readonly #appends: boolean;
  #position = 0;
  /** What was read beyond the line that was wanted. */
  #ahead: Uint8Array = new Uint8Array(0);

  constructor(handle: FileHandle, isPositioned: boolean, appends: boolean) {
    this.#handle = handle;
    this.#isPositioned = isPositioned;
    this.#appends = appends;
  }

  /** Where the next byte is read or written. */
  get position(): number {
    return this.#position - this.#ahead.length;
  }

  seek(position: number): void {
    this.#position = position;
    this.#ahead = new Uint8Array(0);
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  /** Gives the next bytes, at least one; none at the end. */
  async read(maxBytes: number): Promise<Uint8Array> {
    const ahead = this.#take(maxBytes);
    return ahead.length > 0 ? ahead : this.#readMore(maxBytes);
  }

  /** Gives all that is left. */
  async readAll(): Promise<Uint8Array> {
    const chunks = [this.#take(this.#ahead.length)];
    for (;;) {
      const chunk = await this.#readMore(CHUNK);
      if (chunk.length === 0) return joined(chunks);
      chunks.push(chunk);
    }
  }

  /** Gives the next line without its end; undefined at the end of the file. */
  async readLine(): Promise<string | undefined> {
    // A line may be as long as the file: its pieces are joined once.
    const pieces: Uint8Array[] = [];
    for (let piece = this.#ahead; ;) {
      const end = piece.indexOf(NEWLINE);
      if (end >= 0) {
        this.#ahead = piece.subarray(end + 1);
        pieces.push(piece.subarray(0, end));
        return lineIn(pieces);
      }
      pieces.push(piece);
      piece = await this.#moreAfter(pieces);
      if (piece.length > 0) continue;
      this.#ahead = piece;
      const rest = joined(pieces);
      return rest.length === 0 ? undefined : decoder.decode(rest);
    }
  }

  /** Reads more; where that fails, what was read before is not lost. */
  async #moreAfter(pieces: readonly Uint8Array[]): Promise<Uint8Array> {
    try {
      return await this.#readMore(CHUNK);
    } catch (error) {
      this.#ahead = joined(pieces);
      throw error;
    }
  }

  /** Writes all of the bytes. */
  async write(data: Uint8Array): Promise<void> {
    this.seek(this.position);
    for (let written = 0; written < data.length;) {
      const at = this.#isPositioned && !this.#appends ? this.#position : null;
      const { bytesWritten } = await this.#handle.write(data, written, data.length - written, at);
      written += bytesWritten;
      this.#position += bytesWritten;
    }
    if (this.#appends && this.#isPositioned) this.#position = await this.size();
  }

  async #readMore(maxBytes: number): Promise<Uint8Array> {
    const at = this.#isPositioned ? this.#position : null;
    const buffer = new Uint8Array(Math.min(maxBytes, CHUNK));
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at);
    this.#position += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  #take(count: number): Uint8Array {
    const bytes = this.#ahead.subarray(0, count);
    this.#ahead = this.#ahead.subarray(count);
    return bytes;
  }
}

function lineIn(pieces: readonly Uint8Array[]): string {
  const bytes = joined(pieces);
  return decoder.decode(bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const bytes = Buffer.concat(chunks);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
