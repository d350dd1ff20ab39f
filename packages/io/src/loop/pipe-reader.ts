// What a child writes, as asyncio's reader. Nothing is taken from the pipe while more is kept than anybody wants, so that the child
// waits, and what it has written stays in the pipe.
import type { EventLoop } from "@trestle/loop";
import { StreamReader } from "@trestle/loop/streams";
import type { Readable } from "node:stream";

/** How an output is read. */
export interface PipeReaderOptions {
  /** What is read, for reports. */
  readonly description: string;
  /** How much the reader keeps; see StreamReader. */
  readonly limit: number | undefined;
}

/** Makes a reader of an output of a child. */
export function pipeReader(
  loop: EventLoop,
  pipe: Readable,
  { description, limit }: PipeReaderOptions,
): StreamReader {
  const reader = new StreamReader({ loop, ...(limit !== undefined && { limit }) });
  let isPaused = false;
  const pull = (): void => {
    while (!isPaused && !reader.atEof()) {
      const chunk = pipe.read() as Uint8Array | null;
      if (chunk === null) break;
      reader.feedData(chunk);
    }
  };
  reader.setSource({
    description,
    pauseReading: () => void (isPaused = true),
    resumeReading: () => {
      isPaused = false;
      // Later: whoever asked is not waiting yet.
      loop.host.soon(pull);
    },
  });
  let hasEnded = false;
  const ended = (): void => {
    if (!hasEnded) reader.feedEof();
    hasEnded = true;
  };
  if (pipe.readableEnded || pipe.destroyed) ended();
  pipe.on("readable", pull);
  pipe.on("end", ended);
  pipe.on("close", ended);
  pipe.on("error", (error) => {
    if (!hasEnded) reader.setException(error);
    hasEnded = true;
  });
  return reader;
}
