// The pipes of a child, for a protocol.
import type { ReadPipeTransport, WritePipeTransport } from "@trestle/loop";
import type { Readable, Writable } from "node:stream";

type Lost = (error: unknown) => void;

/** The input of a child. */
export class WritePipe implements WritePipeTransport {
  readonly #stream: Writable;

  constructor(stream: Writable, lost: Lost) {
    this.#stream = stream;
    tellWhenLost(stream, lost);
  }

  write(data: Uint8Array): void {
    if (!this.isClosing()) this.#stream.write(data);
  }

  close(): void {
    if (!this.isClosing()) this.#stream.end();
  }

  abort(): void {
    this.#stream.destroy();
  }

  isClosing(): boolean {
    return this.#stream.destroyed || this.#stream.writableEnded;
  }

  getWriteBufferSize(): number {
    return this.#stream.writableLength;
  }
}

/** An output of a child. */
export class ReadPipe implements ReadPipeTransport {
  readonly #stream: Readable;
  readonly #received: (data: Uint8Array) => void;
  #isPaused = false;

  constructor(stream: Readable, received: (data: Uint8Array) => void, lost: Lost) {
    this.#stream = stream;
    this.#received = received;
    stream.on("readable", this.#pull);
    tellWhenLost(stream, lost);
  }

  pauseReading(): void {
    this.#isPaused = true;
  }

  resumeReading(): void {
    this.#isPaused = false;
    this.#pull();
  }

  close(): void {
    this.#stream.destroy();
  }

  isClosing(): boolean {
    return this.#stream.destroyed;
  }

  readonly #pull = (): void => {
    while (!this.#isPaused) {
      const chunk = this.#stream.read() as Uint8Array | null;
      if (chunk === null) return;
      this.#received(chunk);
    }
  };
}

function tellWhenLost(stream: Readable | Writable, lost: Lost): void {
  let failed: unknown;
  stream.on("error", (error) => (failed ??= error));
  // An output without anything in it may have ended before anybody listens.
  if (stream.closed) lost(failed);
  else stream.on("close", () => lost(failed));
}
