import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** What a TlsTransport tells. */
export interface TlsTransportEvents {
  /** The other side has ended the connection, and TLS has seen all that came before. It may be told again. */
  readonly ended: () => void;
  /** The connection is gone. */
  readonly failed: (error: Error) => void;
  /** The system does not take any more bytes for now. */
  readonly blocked: () => void;
}

/**
 * The socket below TLS, as a Duplex that keeps the end of the connection to itself. Node's TLS ends its stream in the same way
 * when the other side says that it closes, and when the connection is cut; so it gets to see the first only.
 */
export class TlsTransport {
  readonly duplex: Duplex;
  readonly #socket: Socket;
  readonly #events: TlsTransportEvents;
  #hasEnded = false;

  constructor(socket: Socket, events: TlsTransportEvents) {
    this.#socket = socket;
    this.#events = events;
    this.duplex = new Duplex({
      autoDestroy: false,
      read: () => void socket.resume(),
      write: (chunk, _encoding, done) => {
        socket.write(chunk as Uint8Array, done);
        if (this.isBlocked) events.blocked();
      },
      // TLS has said that it closes. That nothing follows is said by closing the socket.
      final: (done) => done(),
      destroy: (_error, done) => {
        socket.destroy();
        done(null);
      },
    });
    // What fails here has failed below, which tells it.
    this.duplex.on("error", () => {});
    socket.on("data", (chunk: Uint8Array) => {
      if (!this.duplex.push(chunk)) socket.pause();
    });
    socket.on("end", this.#end);
    socket.on("error", (error) => events.failed(error));
    socket.on("close", () => {
      events.failed(new Error("the connection was closed"));
      this.duplex.destroy();
    });
  }

  /** Begins to tell, when TLS listens to the Duplex. */
  open(): void {
    this.duplex.on("data", this.#tellEnd);
    if (this.#socket.readableEnded) this.#end();
    if (this.#socket.destroyed) this.#events.failed(new Error("the connection was closed"));
  }

  /** Lets TLS see the end, where a cut is as good as a close. */
  passEnd(): void {
    this.duplex.push(null);
  }

  /** Whether bytes wait that the system did not take at once. */
  get isBlocked(): boolean {
    return this.#socket.writableLength > 0;
  }

  readonly #end = (): void => {
    this.#hasEnded = true;
    this.#tellEnd();
  };

  readonly #tellEnd = (): void => {
    if (this.#hasEnded && this.duplex.readableLength === 0) this.#events.ended();
  };
}
