import { failure, success, type Outcome } from "@trestle/host";
import { connect, type IpcNetConnectOpts, type Socket, type TcpNetConnectOpts } from "node:net";
import { requireTask } from "../ambient.js";
import type { Operation } from "../operation.js";
import { suspend } from "../suspend.js";
import { SocketStream } from "./socket-stream.js";

/**
 * Connects one socket to one address. A failure or a cancellation comes out when the socket has been destroyed; it throws the
 * platform's error.
 *
 * @param options an IP address and a port, or a path; a name would be looked up again
 * @param what the address, for reports
 */
export function connectSocket(
  options: TcpNetConnectOpts | IpcNetConnectOpts,
  what: string,
): Operation<SocketStream> {
  const waited = `a connection to ${what}`;
  return suspend<SocketStream>((resume) => {
    const { host } = requireTask(`wait for ${waited}`).runner;
    const socket = connect({ ...options, allowHalfOpen: true });
    const release = host.hold(waited);
    const attempt = new Attempt(socket, (outcome) => {
      release();
      resume(outcome);
    });
    return (cancelled) => {
      attempt.giveUp(cancelled);
      return "committed";
    };
  }, waited);
}

class Attempt {
  readonly #socket: Socket;
  readonly #settle: (outcome: Outcome<SocketStream>) => void;
  #failed: unknown;

  constructor(socket: Socket, settle: (outcome: Outcome<SocketStream>) => void) {
    this.#socket = socket;
    this.#settle = settle;
    socket.on("connect", this.#connected);
    socket.on("error", this.#erred);
    socket.on("close", this.#closed);
  }

  giveUp(cancelled: unknown): void {
    this.#failed = cancelled;
    this.#socket.destroy();
  }

  readonly #connected = (): void => {
    // The stream listens for errors from now on: one that comes before the task's turn must not end the process.
    const stream = new SocketStream(this.#socket);
    this.#leave();
    this.#settle(success(stream));
  };

  readonly #erred = (error: unknown): void => {
    this.#failed ??= error;
  };

  readonly #closed = (): void => {
    this.#leave();
    this.#settle(failure(this.#failed));
  };

  #leave(): void {
    this.#socket.off("connect", this.#connected);
    this.#socket.off("error", this.#erred);
    this.#socket.off("close", this.#closed);
  }
}
