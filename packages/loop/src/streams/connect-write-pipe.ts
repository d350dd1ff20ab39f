import { ArgumentError, describe } from "@trestle/host";
import type { Socket } from "node:net";
import { Writable } from "node:stream";
import { requireLoop } from "../current.js";
import type { EventLoop } from "../event-loop.js";
import { checkBuffers, type BufferOptions } from "./buffer-options.js";
import { Connection } from "./connection.js";
import { StreamWriter } from "./stream-writer.js";

/** How a pipe is written to. */
export interface ConnectWritePipeOptions extends Pick<BufferOptions, "highWaterMark"> {
  /** What it is, for reports: "the input of 'gzip'". */
  readonly name?: string;
  /** The loop that it belongs to; the running one unless given. */
  readonly loop?: EventLoop | undefined;
}

/**
 * Makes a writer for the writing end of a pipe, such as the input of a child process. The writer owns it from then on, and a pipe that
 * is open when its loop closes is closed with it.
 *
 * Source: asyncio's `connect_write_pipe`, without a protocol. Flavor: loop. It waits for nothing. Node, Bun and Deno.
 *
 * @param pipe in nobody else's use
 * @throws ArgumentError for what is no stream of `node:stream` to write to; NoLoopError
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { connectWritePipe } from "@trestle/loop/streams";
 * import { spawn } from "node:child_process";
 *
 * await run(async () => {
 *   const child = spawn("cat", { stdio: ["pipe", "inherit", "inherit"] });
 *   const writer = connectWritePipe(child.stdin);
 *   writer.write("hello\n");
 *   writer.close();
 *   await writer.waitClosed();
 * });
 * ```
 */
export function connectWritePipe(
  pipe: Writable,
  options: ConnectWritePipeOptions = {},
): StreamWriter {
  const { name = "a pipe", loop, ...buffers } = options;
  if (!(pipe instanceof Writable)) {
    throw new ArgumentError(
      `Cannot connect to the pipe ${describe(pipe)}: a stream of 'node:stream' that can be written to is wanted.`,
    );
  }
  checkBuffers(buffers, "connect to a pipe");
  // Node's and Deno's pipes are sockets; of Bun's, a connection needs nothing that only sockets have.
  const socket = pipe as Socket;
  const connection = new Connection(
    loop ?? requireLoop("connect to a pipe"),
    socket,
    name,
    buffers,
  );
  return new StreamWriter(connection, "client");
}
