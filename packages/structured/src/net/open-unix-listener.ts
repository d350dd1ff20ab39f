import { ArgumentError, describe } from "@trestle/host";
import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import type { Operation } from "../operation.js";
import { acloseForcefully } from "../streams/aclose-forcefully.js";
import { connectSocket } from "./connect-socket.js";
import { ListenError } from "./listen-error.js";
import { backlogOf, listen, type BacklogOptions } from "./listen.js";
import type { SocketListener } from "./socket-listener.js";
import { hasCode, isSystemError } from "./system-error.js";
import { requireUnixPath } from "./unix-path.js";

const HIGHEST_MODE = 0o777;

/** How `openUnixListener` listens. */
export interface OpenUnixListenerOptions extends BacklogOptions {
  /** The permissions of the socket's file; those that the process's umask leaves unless given. */
  readonly mode?: number;
}

/**
 * Begins to listen at a Unix socket; on Windows, at a named pipe.
 *
 * Waits for the system. The socket's file is removed when the listener is closed. A socket that was left there by a process that
 * has gone, so that nobody answers, is replaced; where somebody answers, or the file is no socket, it stays. The `mode` is
 * set just after the file was made: where that is too late, use a directory that others cannot enter.
 *
 * Source: ours. Flavor: structured.
 *
 * @param path where the socket is to be
 * @throws ListenError; ArgumentError, at the call
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { openUnixListener, serveListeners } from "@trestle/structured/net";
 *
 * await run(function* () {
 *   const listener = yield* openUnixListener("/run/clock.sock", { mode: 0o600 });
 *   const text = new TextEncoder();
 *   yield* serveListeners((stream) => stream.sendAll(text.encode(new Date().toISOString())), [listener]);
 * });
 * ```
 */
export function openUnixListener(
  path: string,
  options: OpenUnixListenerOptions = {},
): Operation<SocketListener> {
  const { mode } = options;
  requireUnixPath(path, "listen at");
  requireMode(mode);
  return open(path, mode, backlogOf(options));
}

function* open(path: string, mode: number | undefined, backlog: number): Operation<SocketListener> {
  try {
    const listener = yield* listenOrReplace(path, backlog);
    yield* setMode(listener, path, mode);
    return listener;
  } catch (error) {
    throw isSystemError(error) ? new ListenError(path, error) : error;
  }
}

function* listenOrReplace(path: string, backlog: number): Operation<SocketListener> {
  try {
    return yield* listen({ path, backlog }, path);
  } catch (error) {
    if (!hasCode(error, "EADDRINUSE") || !isSocket(path) || (yield* isAnswered(path))) throw error;
  }
  unlinkSync(path);
  return yield* listen({ path, backlog }, path);
}

function* setMode(
  listener: SocketListener,
  path: string,
  mode: number | undefined,
): Operation<void> {
  try {
    if (mode !== undefined) chmodSync(path, mode);
  } catch (error) {
    yield* acloseForcefully(listener);
    throw error;
  }
}

/** Whether somebody listens at the socket: only a refusal says that nobody does. */
function* isAnswered(path: string): Operation<boolean> {
  try {
    const stream = yield* connectSocket({ path }, path);
    yield* acloseForcefully(stream);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return !hasCode(error, "ECONNREFUSED");
  }
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}

function requireMode(mode: unknown): void {
  if (mode === undefined) return;
  if (Number.isInteger(mode) && (mode as number) >= 0 && (mode as number) <= HIGHEST_MODE) return;
  throw new ArgumentError(
    `Cannot listen with the mode ${describe(mode)}: permissions such as 0o600 are wanted.`,
  );
}
