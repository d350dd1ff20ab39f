// What is used of Node's streams. These are described here rather than imported, so that the entry loads in browsers and
// takes whatever behaves like one.
import { ArgumentError, describe } from "@trestle/host";

/** What all of Node's streams have. */
export interface NodeStream {
  readonly destroyed: boolean;
  // Listeners of all events have one place here, as in Node's own types.
  // oxlint-disable-next-line typescript/no-explicit-any
  on(event: string, listener: (...args: any[]) => void): unknown;
  // oxlint-disable-next-line typescript/no-explicit-any
  off(event: string, listener: (...args: any[]) => void): unknown;
  destroy(): unknown;
  readonly closed?: boolean;
  readonly errored?: Error | null;
}

/** What is used of a Readable. */
export interface NodeReadable extends NodeStream {
  readonly readableEnded: boolean;
  readonly readableObjectMode: boolean;
  readonly readableEncoding: string | null;
  read(): unknown;
}

/** What is used of a Writable. */
export interface NodeWritable extends NodeStream {
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  readonly writableObjectMode: boolean;
  write(data: Uint8Array, done: (error?: Error | null) => void): unknown;
  end(): unknown;
}

/** What is used of a Duplex. */
export interface NodeDuplex extends NodeReadable, NodeWritable {}

/** Throws ArgumentError for what lacks one of the methods. */
export function requireNodeStream(stream: unknown, methods: readonly string[], kind: string): void {
  const has = (method: string): boolean =>
    typeof (stream as Record<string, unknown> | null | undefined)?.[method] === "function";
  if (["on", "off", "destroy", ...methods].every((method) => has(method))) return;
  throw new ArgumentError(
    `Cannot make a stream of ${describe(stream)}: a ${kind} of 'node:stream' is wanted.\n` +
      "Web streams come in through 'fromReadableStream' and 'fromWritableStream'.",
  );
}

/** Throws ArgumentError for a Readable that gives something else than bytes. */
export function requireBytesOut(stream: NodeReadable): void {
  if (stream.readableObjectMode) {
    throw new ArgumentError(
      "Cannot receive bytes from a Readable in object mode: its chunks may be anything.\n" +
        "Receive them with 'fromReadableItems'.",
    );
  }
  if (typeof stream.readableEncoding === "string") {
    throw new ArgumentError(
      `Cannot receive bytes from a Readable with the encoding '${stream.readableEncoding}': it gives strings.\n` +
        "Take the encoding away, or receive the strings with 'fromReadableItems'.",
    );
  }
}

/** Throws ArgumentError for a Writable that takes something else than bytes. */
export function requireBytesIn(stream: NodeWritable): void {
  if (!stream.writableObjectMode) return;
  throw new ArgumentError(
    "Cannot send bytes into a Writable in object mode: it would keep how they were cut into chunks.\n" +
      "Make it without 'objectMode' and 'writableObjectMode'.",
  );
}
