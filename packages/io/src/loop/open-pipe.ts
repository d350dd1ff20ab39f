import { openEnds } from "../descriptor/raw-descriptor.js";
import { errorOf } from "../readiness/descriptor-errors.js";
import { FdStream } from "./fd-stream.js";

/** The end of a pipe that is read from. */
export type PipeReader = Omit<FdStream, "write">;

/** The end of a pipe that is written to. */
export type PipeWriter = Pick<
  FdStream,
  "fd" | "write" | "lend" | "close" | typeof Symbol.asyncDispose
>;

/**
 * Opens a pipe of the operating system.
 *
 * It waits for nothing. Source: `os.pipe`. Flavor: loop.
 *
 * @returns the end to read from, and the end to write to
 * @throws NativeMissingError; DescriptorError where the process has no descriptors left
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { openPipe } from "@trestle/io/loop";
 *
 * await run(async () => {
 *   const [reader, writer] = openPipe();
 *   await writer.write(new TextEncoder().encode("hello\n"));
 *   writer.close();
 *   console.log(await reader.readLine());
 *   reader.close();
 * });
 * ```
 */
export function openPipe(): readonly [reader: PipeReader, writer: PipeWriter] {
  const ends = openEnds();
  if (typeof ends === "number") throw errorOf("open a pipe", ends);
  return [new FdStream(ends[0]), new FdStream(ends[1])];
}
