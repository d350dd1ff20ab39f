import type { AddressInfo, Server, Socket } from "node:net";
import { cancelShieldedCheckpoint, checkpoint, checkpointIfCancelled } from "../checkpoint.js";
import type { Operation } from "../operation.js";
import { Bell } from "../streams/bell.js";
import { ConflictDetector } from "../streams/conflict-detector.js";
import type { Listener } from "../streams/stream.js";
import { ClosedResourceError } from "../sync/resource-errors.js";
import { SocketStream } from "./socket-stream.js";
import { hasCode } from "./system-error.js";

const ACTION = "accept a connection";

/** Errors of one connection that was gone before it was accepted; the next one is as good as ever. */
const PASSING = [
  "ECONNABORTED",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOPROTOOPT",
  "ENONET",
  "EOPNOTSUPP",
  "EPERM",
  "EPROTO",
  "ETIMEDOUT",
];

/**
 * Gives a stream for each connection that comes in at one address. Node takes connections from the system as they come; those
 * that nobody has accepted yet wait here, and are destroyed when the listener is closed.
 *
 * Source: Trio's SocketListener, on Node's `net`. Flavor: structured.
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { openTcpListeners, type SocketListener } from "@trestle/structured/net";
 *
 * function* acceptOne(listener: SocketListener) {
 *   const stream = yield* listener.accept();
 *   yield* stream.aclose();
 * }
 *
 * await run(function* () {
 *   for (const listener of yield* openTcpListeners(0, { host: "127.0.0.1" })) yield* acceptOne(listener);
 * });
 * ```
 */
export class SocketListener implements Listener<SocketStream> {
  /** Node's server, for what has no name here. */
  readonly server: Server;
  readonly #conflicts = new ConflictDetector(ACTION);
  readonly #bell = new Bell("a connection to come in");
  readonly #streams: SocketStream[] = [];
  readonly #address: AddressInfo | string | null;
  #error: unknown;
  #isClosed = false;

  /** @param server listening, made with `allowHalfOpen`, and in nobody else's use */
  constructor(server: Server) {
    this.server = server;
    this.#address = server.address();
    server.on("connection", this.#connected);
    server.on("error", this.#failed);
  }

  /** The IP address that it listens at; the path of a Unix socket. */
  get address(): string {
    return typeof this.#address === "string" ? this.#address : (this.#address?.address ?? "");
  }

  /** The port that it listens at; undefined for a Unix socket. */
  get port(): number | undefined {
    return typeof this.#address === "string" ? undefined : this.#address?.port;
  }

  *accept(): Operation<SocketStream> {
    this.#conflicts.enter();
    try {
      yield* checkpointIfCancelled();
      for (let hasWaited = false; ; hasWaited = true) {
        const stream = this.#next();
        if (stream === undefined) {
          yield* this.#bell.wait();
        } else {
          if (!hasWaited) yield* cancelShieldedCheckpoint();
          return stream;
        }
      }
    } finally {
      this.#conflicts.leave();
    }
  }

  /** Stops listening, at once, and then takes a round. The connections that were accepted go on. */
  *aclose(): Operation<void> {
    if (!this.#isClosed) this.#close();
    yield* checkpoint();
  }

  #close(): void {
    this.#isClosed = true;
    this.server.off("connection", this.#connected);
    this.server.close();
    for (const { socket } of this.#streams.splice(0)) socket.destroy();
    this.#bell.ring();
  }

  #next(): SocketStream | undefined {
    if (this.#isClosed) throw new ClosedResourceError(ACTION);
    const stream = this.#streams.shift();
    if (stream !== undefined) return stream;
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
    return undefined;
  }

  readonly #connected = (socket: Socket): void => {
    this.#streams.push(new SocketStream(socket));
    this.#bell.ring();
  };

  readonly #failed = (error: unknown): void => {
    if (hasCode(error, ...PASSING)) return;
    this.#error = error;
    this.#bell.ring();
  };
}
