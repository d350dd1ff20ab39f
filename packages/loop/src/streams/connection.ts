// What a reader and a writer share: a socket of Node's, from the moment that it is connected until it is closed. Nothing else
// listens to it. A loop that closes takes its connections with it.
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import type { EventLoop } from "../event-loop.js";
import type { Future } from "../future.js";
import { core } from "../internals.js";
import type { SignalOption } from "../signal-option.js";
import type { BufferOptions } from "./buffer-options.js";
import type { ReadSource } from "./data-wait.js";
import { extraInfoOf, type ExtraInfo } from "./extra-info.js";
import { outsideFuture } from "./outside-future.js";
import { ConnectionLostError } from "./stream-errors.js";
import { StreamReader } from "./stream-reader.js";

const DEFAULT_HIGH_WATER_MARK = 65_536;

/** A socket in use. */
export class Connection implements ReadSource {
  readonly loop: EventLoop;
  readonly reader: StreamReader;
  /** Whom it goes to, for reports. */
  readonly peer: string;
  readonly #highWaterMark: number;
  readonly #draining = new Set<Future<void>>();
  readonly #closing = new Set<Future<void>>();
  /** Is done when the socket is closed, and fails when the loop closes before. */
  readonly #life: Future<void>;
  readonly #afterwards: (() => void)[] = [];
  #socket: Socket;
  #info: ExtraInfo;
  #isPaused = false;
  #isClosing = false;
  #isLost = false;
  #failed: { readonly error: unknown } | undefined;

  constructor(loop: EventLoop, socket: Socket, peer: string, options: BufferOptions) {
    this.loop = loop;
    this.peer = peer;
    this.#highWaterMark = options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK;
    this.reader = new StreamReader({ ...options, loop });
    this.reader.setSource(this);
    this.#socket = socket;
    this.#info = extraInfoOf(socket);
    this.#life = loop.createFuture(`the connection to ${peer}`);
    this.#life[core].whenDone(() => this.destroy());
    this.#listen();
  }

  get description(): string {
    return `data from ${this.peer}`;
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** What was known of the socket when it was connected. */
  get info(): ExtraInfo {
    return this.#info;
  }

  /** Whether it was closed, from this side or the other. */
  get isClosing(): boolean {
    return this.#isClosing || this.#isLost;
  }

  pauseReading(): void {
    if (this.#socket.readable) this.#socket.pause();
  }

  resumeReading(): void {
    if (!this.isClosing) resume(this.#socket);
  }

  /** Sends bytes soon. What cannot arrive any more is forgotten, and the next drain tells. */
  write(data: Uint8Array | string): void {
    if (this.isClosing || this.#socket.writableEnded) return;
    this.#socket.write(data, this.#sent);
    if (this.#socket.writableLength > this.#highWaterMark) this.#isPaused = true;
  }

  writeEof(): void {
    if (!this.isClosing) this.#socket.end();
  }

  /** Waits until there is room for more to be sent. */
  async drain(options: SignalOption): Promise<void> {
    if (this.#isLost) throw this.#lost("drain a stream");
    if (this.#isPaused) await this.#wait(this.#draining, `room to send to ${this.peer}`, options);
  }

  /** Waits until the socket is closed; throws what broke it. */
  async waitClosed(options: SignalOption): Promise<void> {
    if (!this.#isLost)
      await this.#wait(this.#closing, `the end of the connection to ${this.peer}`, options);
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  /** Closes it when all has been sent. Nothing is read any more. */
  close(): void {
    if (this.isClosing) return;
    this.#isClosing = true;
    // What still comes is read and forgotten: unread, it would break what is being sent.
    this.#socket.off("data", this.#received);
    resume(this.#socket);
    closeSoon(this.#socket);
  }

  /** Closes it at once. */
  destroy(): void {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  /** Lets go of the socket for something that is laid over it, which then takes its place. */
  detach(): Socket {
    const socket = this.#socket;
    socket.pause();
    socket.off("data", this.#received);
    socket.off("end", this.#ended);
    socket.off("close", this.#closed);
    return socket;
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    this.#info = extraInfoOf(socket);
    if (socket.destroyed) this.#closed();
    else this.#listen();
  }

  /** Calls back when the socket is closed. */
  whenClosed(callback: () => void): void {
    this.#afterwards.push(callback);
  }

  /** What was to be laid over it did not come about, and the socket is gone. */
  lose(error: unknown): void {
    this.#erred(error);
    this.destroy();
    this.#closed();
  }

  #listen(): void {
    const socket = this.#socket;
    if (socket.readable) socket.on("data", this.#received);
    socket.on("end", this.#ended);
    socket.on("error", this.#erred);
    socket.on("close", this.#closed);
    resume(socket);
  }

  async #wait(waits: Set<Future<void>>, description: string, options: SignalOption): Promise<void> {
    const future = outsideFuture(this.loop, description, options);
    waits.add(future);
    try {
      await future;
    } finally {
      waits.delete(future);
    }
  }

  readonly #received = (data: Uint8Array): void => this.reader.feedData(data);

  readonly #ended = (): void => this.reader.feedEof();

  readonly #sent = (): void => {
    // A socket that is destroyed calls back for what it has not sent, too.
    if (!this.#isPaused || this.#socket.destroyed) return;
    if (this.#socket.writableLength > this.#highWaterMark / 4) return;
    this.#isPaused = false;
    settle(this.#draining);
  };

  readonly #erred = (error: unknown): void => {
    this.#failed ??= { error };
  };

  readonly #closed = (): void => {
    if (this.#isLost) return;
    this.#isLost = true;
    const failed = this.#failed;
    if (failed === undefined) this.reader.feedEof();
    else this.reader.setException(failed.error);
    for (const future of this.#draining) {
      if (!future.done()) future.setException(this.#lost("drain a stream"));
    }
    settle(this.#closing);
    if (!this.#life.done()) this.#life.setResult();
    for (const callback of this.#afterwards) callback();
  };

  #lost(action: string): ConnectionLostError {
    return new ConnectionLostError(action, { cause: this.#failed?.error });
  }
}

/** A pipe that can only be written to is never read, nor listened to for data: Deno's breaks by that, and Bun's is no socket and has no such call. */
function resume(socket: Socket): void {
  if (socket.readable) socket.resume();
}

function closeSoon(socket: Socket): void {
  if ("destroySoon" in socket) socket.destroySoon();
  else (socket as Writable).end();
}

function settle(waits: ReadonlySet<Future<void>>): void {
  for (const future of waits) if (!future.done()) future.setResult();
}
