// A connection as lines of text, each within the limits.
import { failAfter, type Operation } from "@trestle/structured";
import { BufferedReceiveStream, type Stream } from "@trestle/structured/streams";

/** The limits of a connection. Times are in milliseconds. */
export interface Limits {
  /** How long the other side may be silent. */
  readonly silence: number;
  /** How long one line may take to go out. */
  readonly send: number;
  /** How many lines may wait for somebody who does not read. */
  readonly backlog: number;
  /** How long a line may be, in bytes. */
  readonly length: number;
}

const encoder = new TextEncoder();

export class Lines {
  readonly #stream: Stream;
  readonly #reader: BufferedReceiveStream;
  readonly #limits: Limits;

  constructor(stream: Stream, limits: Limits) {
    this.#stream = stream;
    this.#reader = new BufferedReceiveStream(stream);
    this.#limits = limits;
  }

  /**
   * The next line, without what would move the cursor of those who read it; undefined at the end.
   *
   * @throws TooSlowError, DelimiterNotFoundError for a line that is too long, BrokenResourceError
   */
  *read(): Operation<string | undefined> {
    const { silence, length } = this.#limits;
    const line = yield* failAfter(silence, () => this.#reader.readLine({ maxBytes: length }));
    return line?.replaceAll(/\p{Cc}/gu, "").trim();
  }

  /** Sends a line. @throws TooSlowError, BrokenResourceError */
  send(line: string): Operation<void> {
    return failAfter(this.#limits.send, () => this.#stream.sendAll(encoder.encode(`${line}\n`)));
  }
}
