import { LimitOverrunError } from "@trestle/loop/streams";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const decoder = new TextDecoder();

/** What has been read and not been given yet. */
export class LineBuffer {
  #bytes = new Uint8Array(0);
  /** So far there is no end of a line. */
  #searched = 0;

  add(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    this.#bytes = joined;
  }

  /** Gives the next line, without its end; undefined where it has not come. @throws LimitOverrunError */
  takeLine(limit: number): string | undefined {
    const end = this.#bytes.indexOf(NEWLINE, this.#searched);
    if (end < 0) {
      this.#searched = this.#bytes.length;
      if (this.#bytes.length > limit) throw this.#tooLong(limit);
      return undefined;
    }
    if (end > limit) throw this.#tooLong(limit);
    const isCrLf = end > 0 && this.#bytes[end - 1] === CARRIAGE_RETURN;
    const line = decoder.decode(this.#bytes.subarray(0, isCrLf ? end - 1 : end));
    this.#drop(end + 1);
    return line;
  }

  /** Gives all as the last line; undefined where there is nothing. */
  takeRest(): string | undefined {
    if (this.#bytes.length === 0) return undefined;
    return decoder.decode(this.takeBytes());
  }

  /** Gives what there is, at most so much; undefined where there is nothing. */
  takeBytes(maxBytes = this.#bytes.length): Uint8Array | undefined {
    if (this.#bytes.length === 0) return undefined;
    const bytes = this.#bytes.slice(0, maxBytes);
    this.#drop(maxBytes);
    return bytes;
  }

  #drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
    this.#searched = 0;
  }

  #tooLong(limit: number): LimitOverrunError {
    return new LimitOverrunError(limit, this.#bytes.length);
  }
}
