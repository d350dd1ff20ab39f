// Writing, as something that one waits for: the reader of a pipe may be slow, or gone.
import type { Writable } from "node:stream";
import { fromPromise, type Operation } from "@trestle/structured";

/** Writes a text to a stream and waits until the stream has let go of it. A reader that has gone away is no error. */
export function print(stream: Writable, text: string): Operation<void> {
  return fromPromise(new Promise((resolve) => stream.write(text, () => resolve())));
}

/** Keeps the process alive when the reader of a stream goes away before the end, as in `| head`. */
export function tolerateBrokenPipe(stream: Writable): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
