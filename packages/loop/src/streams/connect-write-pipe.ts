import { ArgumentError, describe } from "@trestle/host";
import { Socket } from "node:net";
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
 * Source: asyncio's `connect_write_pipe`, without a protocol. Flavor: loop. It waits for nothing. Node only.
 *
 * @param pipe in nobody else's use; Node's pipes are sockets
 * @throws ArgumentError for what is no socket of `node:net`; NoLoopError
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { connectWritePipe } from "@trestle/loop/streams";
 * import { spawn } from "node:child_process";
 * import type { Socket } from "node:net";
 *
 * await run(async () => {
 *   const child = spawn("cat", { stdio: ["pipe", "inherit", "inherit"] });
 *   const writer = connectWritePipe(child.stdin as unknown as Socket);
 *   writer.write("hello\n");
 *   writer.close();
 *   await writer.waitClosed();
 * });
 * ```
 */
export function connectWritePipe(
  pipe: Socket,
  options: ConnectWritePipeOptions = {},
): StreamWriter {
  const { name = "a pipe", loop, ...buffers } = options;
  if (!(pipe instanceof Socket)) {
    throw new ArgumentError(
      `Cannot connect to the pipe ${describe(pipe)}: a socket of 'node:net' is wanted, which Node's pipes are.`,
    );
  }
  checkBuffers(buffers, "connect to a pipe");
  const connection = new Connection(loop ?? requireLoop("connect to a pipe"), pipe, name, buffers);
  return new StreamWriter(connection, "client");
}
