import { ExceptionGroup } from "@trestle/host";
import type { Operation } from "../operation.js";
import { ConnectError } from "./connect-error.js";
import { connectSocket } from "./connect-socket.js";
import type { SocketStream } from "./socket-stream.js";
import { isSystemError } from "./system-error.js";
import { requireUnixPath } from "./unix-path.js";

/**
 * Connects to a Unix socket; on Windows, to a named pipe.
 *
 * Waits for the connection. A cancellation gives it up. The caller closes the stream. Source: Trio's `open_unix_socket`.
 * Flavor: structured.
 *
 * @param path where the socket is
 * @throws ConnectError, whose cause is an ExceptionGroup of the one failure, as that of `openTcpStream`; ArgumentError, at
 * the call
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { openUnixStream } from "@trestle/structured/net";
 * import { closing } from "@trestle/structured/streams";
 *
 * await run(function* () {
 *   const stream = yield* openUnixStream("/run/clock.sock");
 *   yield* closing(stream, function* () {
 *     console.log(yield* stream.receiveSome());
 *   });
 * });
 * ```
 */
export function openUnixStream(path: string): Operation<SocketStream> {
  requireUnixPath(path, "connect to");
  return open(path);
}

function* open(path: string): Operation<SocketStream> {
  try {
    return yield* connectSocket({ path }, path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new ConnectError(path, error.message, {
      cause: new ExceptionGroup(`attempts to connect to ${path}`, [error]),
    });
  }
}
