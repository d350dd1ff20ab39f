import type { ReceiveStream, SendStream } from "@trestle/structured/streams";
import { openOwnedPipe } from "../descriptor/owned-descriptor.js";
import { FdStream } from "./fd-stream.js";

/** The end of a pipe that is read from. */
export type PipeReceiveStream = ReceiveStream & Pick<FdStream, "fd" | "lend">;

/** The end of a pipe that is written to. */
export type PipeSendStream = SendStream & Pick<FdStream, "fd" | "lend">;

/**
 * Opens a pipe of the operating system. Unlike a memory channel it has room for so much only (64 KiB on Linux), and its ends can
 * be lent to other processes.
 *
 * It waits for nothing. Source: `os.pipe`, in Trio's streams. Flavor: structured.
 *
 * @returns the end to receive from, and the end to send into
 * @throws NativeMissingError; DescriptorError where the process has no descriptors left
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { openPipe } from "@trestle/io/structured";
 *
 * await run(function* () {
 *   const [receiver, sender] = openPipe();
 *   yield* sender.sendAll(new TextEncoder().encode("hello"));
 *   yield* sender.aclose();
 *   console.log(yield* receiver.receiveSome());
 *   yield* receiver.aclose();
 * });
 * ```
 */
export function openPipe(): readonly [receiver: PipeReceiveStream, sender: PipeSendStream] {
  const [reader, writer] = openOwnedPipe();
  return [new FdStream(reader), new FdStream(writer)];
}
