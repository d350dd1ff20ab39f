import { openOwnedPipe } from "../descriptor/owned-descriptor.js";
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
  const [reader, writer] = openOwnedPipe();
  return [new FdStream(reader), new FdStream(writer)];
}
