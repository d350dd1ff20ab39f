import { ArgumentError, describe } from "@trestle/host";
import { TLSSocket } from "node:tls";
import { InvalidStateError } from "../invalid-state-error.js";
import { checkSignal, type SignalOption } from "../signal-option.js";
import { sleep } from "../sleep.js";
import type { Connection } from "./connection.js";
import type { ExtraInfo } from "./extra-info.js";
import { startTls, type StartTlsOptions } from "./start-tls.js";

/**
 * Writes to a connection. `openConnection` and `startServer` make it. What is written is sent soon, and `drain` waits until there
 * is room for more: who writes much awaits it after each write.
 *
 * Disposing of it, by `await using`, closes it and waits for that.
 *
 * Source: asyncio; `abort` is that of its transport; `signal` is ours. Flavor: loop.
 *
 * @example
 * ```ts
 * import type { StreamWriter } from "@trestle/loop/streams";
 *
 * async function send(writer: StreamWriter, lines: readonly string[]): Promise<void> {
 *   for (const line of lines) {
 *     writer.write(`${line}\n`);
 *     await writer.drain();
 *   }
 * }
 * ```
 */
export class StreamWriter implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #side: "client" | "server";
  #hasEnded = false;
  #isClosed = false;

  /** @internal */
  constructor(connection: Connection, side: "client" | "server") {
    this.#connection = connection;
    this.#side = side;
  }

  /**
   * Sends bytes, or text in UTF-8, without waiting. Where the connection is lost they are forgotten, and `drain` tells.
   *
   * @throws InvalidStateError after `close` and `writeEof`; ArgumentError
   */
  write(data: Uint8Array | string): void {
    if (!(data instanceof Uint8Array) && typeof data !== "string") {
      throw new ArgumentError(`Cannot write ${describe(data)}: text or bytes are wanted.`);
    }
    if (this.#isClosed) throw this.#refusal("write to", "it was closed", "Write before 'close'.");
    if (this.#hasEnded) {
      throw this.#refusal("write to", "its end was written", "Write before 'writeEof'.");
    }
    if (data.length > 0) this.#connection.write(data);
  }

  /** Sends several pieces, one after another. */
  writelines(data: Iterable<Uint8Array | string>): void {
    for (const piece of data) this.write(piece);
  }

  /**
   * Waits until there is room for more to be sent; not at all where there is. Cancelling it takes back nothing that was written.
   *
   * @throws ConnectionLostError; what the reader failed with; the reason of `signal`
   */
  async drain(options: SignalOption = {}): Promise<void> {
    checkSignal(options, "drain a stream");
    const { reader, isClosing } = this.#connection;
    const failed = reader.exception();
    if (failed !== undefined) throw failed;
    // Who writes and drains for ever sees the connection end.
    if (isClosing) await sleep(0);
    await this.#connection.drain(options);
  }

  /**
   * Ends what is sent, when all of it has been sent; reading goes on. Twice is the same as once.
   *
   * @throws InvalidStateError with TLS, which has no such end
   */
  writeEof(): void {
    if (!this.canWriteEof()) {
      throw this.#refusal(
        "write the end of",
        "TLS has none",
        "Close it, or agree on a last message.",
      );
    }
    this.#hasEnded = true;
    this.#connection.writeEof();
  }

  /** Whether `writeEof` can be called. */
  canWriteEof(): boolean {
    return !(this.#connection.socket instanceof TLSSocket);
  }

  /** Closes the connection when all has been sent, without waiting for it. Nothing is read any more. Twice is the same as once. */
  close(): void {
    this.#isClosed = true;
    this.#connection.close();
  }

  /** Closes the connection at once: what has not been sent is lost. */
  abort(): void {
    this.#isClosed = true;
    this.#connection.destroy();
  }

  /** Whether the connection was closed, or is lost. */
  isClosing(): boolean {
    return this.#connection.isClosing;
  }

  /**
   * Waits until the connection is closed, which `close` begins.
   *
   * @throws what broke it; the reason of `signal`
   */
  async waitClosed(options: SignalOption = {}): Promise<void> {
    checkSignal(options, "wait for the end of a connection");
    await this.#connection.waitClosed(options);
  }

  /** Gives what is known of the connection by that name; `otherwise` where nothing is. */
  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K];
  getExtraInfo<K extends keyof ExtraInfo, T>(
    name: K,
    otherwise: T,
  ): Exclude<ExtraInfo[K], undefined> | T;
  getExtraInfo(name: keyof ExtraInfo, otherwise?: unknown): unknown {
    return this.#connection.info[name] ?? otherwise;
  }

  /**
   * Goes over to TLS, and waits for the handshake. Nothing may be read or written meanwhile. Where it fails or is cancelled the
   * connection is closed.
   *
   * @param options as `node:tls` has them: `servername` and `ca` for the client, `key` and `cert` for the server
   * @throws what the handshake failed with; the reason of `signal`
   */
  async startTls(options: StartTlsOptions = {}): Promise<void> {
    checkSignal(options, "start TLS");
    await this.drain(options);
    await startTls(this.#connection, this.#side, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.waitClosed();
  }

  #refusal(action: string, cause: string, advice: string): InvalidStateError {
    return new InvalidStateError(
      `Cannot ${action} the connection to '${this.#connection.peer}': ${cause}.\n${advice}`,
    );
  }
}
