// A server that listens, and the connections that it has accepted.
import type { Server as NodeServer } from "node:net";
import type { EventLoop } from "../event-loop.js";
import type { Future } from "../future.js";
import { core } from "../internals.js";
import { InvalidStateError } from "../invalid-state-error.js";
import { checkSignal, type SignalOption } from "../signal-option.js";
import { outsideFuture } from "./outside-future.js";
import { nameOf, type SocketName } from "./socket-name.js";
import type { StreamWriter } from "./stream-writer.js";

/**
 * A server that listens for connections. `startServer` and `startUnixServer` make it.
 *
 * Disposing of it, by `await using`, closes it with all its connections, and waits for that.
 *
 * Source: asyncio (of CPython 3.13); what disposing does about connections is ours. Flavor: loop.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { startServer } from "@trestle/loop/streams";
 *
 * await run(async () => {
 *   const server = await startServer(async (reader, writer) => {
 *     for await (const line of reader) writer.write(line);
 *   }, "127.0.0.1", 8007);
 *   await server.serveForever();
 * });
 * ```
 */
export class Server implements AsyncDisposable {
  readonly loop: EventLoop;
  readonly #server: NodeServer;
  readonly #writers = new Set<StreamWriter>();
  readonly #waiting = new Set<Future<void>>();
  /** Is done when it listens no more, and fails when the loop closes before. */
  readonly #life: Future<void>;
  #serving: Future<void> | undefined;
  #isClosed = false;

  /** @internal */
  constructor(loop: EventLoop, server: NodeServer) {
    this.loop = loop;
    this.#server = server;
    this.#life = loop.createFuture("a server");
    this.#life[core].whenDone(() => this.abortClients());
    this.#life[core].whenDone(() => void this.#server.close());
  }

  /** Where it listens; nothing once it is closed. */
  get sockets(): readonly SocketName[] {
    const address = this.#isClosed ? null : this.#server.address();
    return address === null ? [] : [nameOf(address)];
  }

  /** Whether it accepts connections. */
  isServing(): boolean {
    return !this.#isClosed;
  }

  /** Stops listening. Connections that are open stay. Twice is the same as once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#server.close();
    if (this.#serving?.done() === false) this.#serving.cancel();
    this.#endWhenOver();
  }

  /** Closes all connections, each when what was written has been sent. */
  closeClients(): void {
    for (const writer of this.#writers) writer.close();
  }

  /** Closes all connections at once. */
  abortClients(): void {
    for (const writer of this.#writers) writer.abort();
  }

  /**
   * Waits until it is cancelled, which closes the server with its connections; `close` cancels it, too.
   *
   * @throws CancelledError; the reason of `signal`; InvalidStateError where it is closed or somebody waits here already
   */
  async serveForever(options: SignalOption = {}): Promise<never> {
    checkSignal(options, "serve");
    if (this.#isClosed || this.#serving !== undefined) {
      const cause = this.#isClosed ? "it is closed" : "somebody does so already";
      throw new InvalidStateError(
        `Cannot serve with a server: ${cause}.\nCall it once, while it is open.`,
      );
    }
    this.#serving = outsideFuture(this.loop, "the end of a server", options);
    try {
      await this.#serving;
      throw new InvalidStateError("Cannot serve for ever: somebody has ended it.");
    } finally {
      this.#serving = undefined;
      this.close();
      this.closeClients();
      await this.waitClosed();
    }
  }

  /** Waits until it is closed and all its connections are. */
  async waitClosed(options: SignalOption = {}): Promise<void> {
    checkSignal(options, "wait for the end of a server");
    if (this.#isOver) return;
    const future = outsideFuture(this.loop, "the end of a server and its connections", options);
    this.#waiting.add(future);
    try {
      await future;
    } finally {
      this.#waiting.delete(future);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    this.closeClients();
    await this.waitClosed();
  }

  /** @internal One connection more. */
  add(writer: StreamWriter): void {
    this.#writers.add(writer);
  }

  /** @internal One less. */
  delete(writer: StreamWriter): void {
    this.#writers.delete(writer);
    this.#endWhenOver();
  }

  get #isOver(): boolean {
    return this.#isClosed && this.#writers.size === 0;
  }

  #endWhenOver(): void {
    if (!this.#isOver) return;
    for (const future of this.#waiting) if (!future.done()) future.setResult();
    if (!this.#life.done()) this.#life.setResult();
  }
}
