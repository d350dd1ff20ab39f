// The output of a thread goes by way of the main thread. While that is blocked it would come too late, or never.
import { writeSync } from "node:fs";

type Written = (error?: Error | null) => void;

/** Has what the thread prints written at once. */
export function writeDirectly(): void {
  writeDirectlyTo(process.stdout, 1);
  writeDirectlyTo(process.stderr, 2);
}

/** Has what is written to a stream go to a descriptor at once. */
export function writeDirectlyTo(stream: NodeJS.WritableStream, descriptor: number): void {
  Object.assign(stream, {
    _writev: null,
    _write(chunk: string | Uint8Array, encoding: BufferEncoding, written: Written) {
      try {
        writeAll(descriptor, typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
        written();
      } catch (error) {
        written(error as Error);
      }
    },
  });
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      // A pipe is full: whoever reads it needs a moment.
      if ((error as { readonly code?: unknown }).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));
