import { failure, success, type Wait } from "@trestle/host";
import type { Socket } from "node:net";
import type { EventLoop } from "../event-loop.js";
import type { Future } from "../future.js";
import type { SignalOption } from "../signal-option.js";
import { untilOn } from "../until.js";
import { ConnectionLostError } from "./stream-errors.js";

/**
 * Waits for the event by which a socket says that it can be used. A failure or a cancellation comes out when the socket is closed.
 *
 * @param begin makes the socket; what it gives for a ready one is made before the next event of the socket
 */
export function socketReady<T>(
  loop: EventLoop,
  begin: () => { readonly socket: Socket; readonly event: string; readonly use: () => T },
  description: string,
  options: SignalOption,
): Future<T> {
  const wait: Wait<T> = (resume) => {
    const { socket, event, use } = begin();
    const release = loop.host.hold(description);
    let failed: { readonly error: unknown } | undefined;
    const erred = (error: unknown): void => {
      failed ??= { error };
    };
    const ready = (): void => {
      // What listens for errors from now on must be there before the ones here are gone.
      const value = use();
      end();
      resume(success(value));
    };
    const closed = (): void => {
      end();
      resume(
        failure(
          failed === undefined ? new ConnectionLostError(`get ${description}`) : failed.error,
        ),
      );
    };
    const end = (): void => {
      release();
      socket.off(event, ready);
      socket.off("close", closed);
    };
    socket.once(event, ready);
    socket.once("close", closed);
    // For ever: an error may come behind the close, and must not end the process.
    socket.on("error", erred);
    return (reason) => {
      failed = { error: reason };
      socket.destroy();
      return "committed";
    };
  };
  return untilOn(loop, wait, description, options);
}
