// Two descriptors that a byte goes through, for the rows that wait for descriptors. They stay open: a socket of Node would close
// its end with itself.
import { readSync, writeSync } from "node:fs";
import { openPipe } from "@trestle/io/loop";

const byte = new Uint8Array(1);

/** Both ends of a pipe that stays open. */
export class BytePipe {
  readonly #ends = openPipe();

  /** The number of the end that is read from. */
  get reading(): number {
    return this.#ends[0].fd;
  }

  /** Writes a byte. */
  poke(): void {
    writeSync(this.#ends[1].fd, byte);
  }

  /** Reads it. */
  take(): void {
    readSync(this.reading, byte);
  }
}
