import {
  until,
  type EventLoop,
  type Future,
  type SignalOption,
  type Subprocess,
} from "@trestle/loop";
import {
  connectWritePipe,
  ConnectionLostError,
  type StreamReader,
  type StreamWriter,
} from "@trestle/loop/streams";
import type { Readable } from "node:stream";
import type { Child } from "../process/child.js";
import { commandText, type Command } from "../process/command.js";
import { endChild } from "../process/end-child.js";
import { pipeReader } from "./pipe-reader.js";

/**
 * A child process that runs, or has ended. `createSubprocessExec` and `createSubprocessShell` give it.
 *
 * Disposing of it, by `await using`, ends it. Source: asyncio's Process; the end by `await using` is ours. Flavor: loop.
 *
 * @example
 * ```ts
 * import { createSubprocessExec } from "@trestle/io/loop";
 * import { run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const sort = await createSubprocessExec("sort", [], { stdin: "pipe", stdout: "pipe" });
 *   const [output] = await sort.communicate("b\na\n");
 *   console.log(String(output), sort.returnCode);
 * });
 * ```
 */
export class Process implements Subprocess, AsyncDisposable {
  /** What it runs. */
  readonly command: Command;
  readonly pid: number;
  /** Its input, where that is a pipe. */
  readonly stdin: StreamWriter | undefined;
  /** Its output, where that is a pipe. What is not read makes it wait, when reader and pipe are full. */
  readonly stdout: StreamReader | undefined;
  /** Its error output, where that is a pipe of its own. */
  readonly stderr: StreamReader | undefined;
  readonly #child: Child;
  readonly #loop: EventLoop;

  /** @internal */
  constructor(loop: EventLoop, child: Child, limit: number | undefined) {
    const text = `'${commandText(child.traits.command)}'`;
    const read = (pipe: Readable | undefined, what: string): StreamReader | undefined =>
      pipe && pipeReader(loop, pipe, { description: `the ${what} of ${text}`, limit });
    this.#loop = loop;
    this.#child = child;
    this.command = child.traits.command;
    this.pid = child.pid;
    this.stdin =
      child.stdin && connectWritePipe(child.stdin, { loop, name: `the input of ${text}` });
    this.stdout = read(child.stdout, "output");
    this.stderr = read(child.stderr, "error output");
  }

  /** The exit code, negative for the signal that ended it; undefined while it runs. */
  get returnCode(): number | undefined {
    return this.#child.returnCode;
  }

  /** The signal that ended it; undefined while it runs, and where it ended by itself. */
  get signal(): NodeJS.Signals | undefined {
    return this.#child.signal;
  }

  /**
   * Waits until it has ended, and gives its return code. A process that writes much ends only when somebody reads that: see
   * `communicate`. Cancelling the wait leaves it running.
   */
  wait(options: SignalOption = {}): Future<number> {
    const wait = this.#child.exit(this.#loop.host);
    return until(wait, `the end of ${this.#child.description}`, options);
  }

  /**
   * Writes into its input and closes that, reads its outputs to their ends, and waits until it has ended. A process that does not
   * read all of its input is no failure. Cancelled, it leaves the process running, and what has come is still to be read.
   *
   * @param input bytes, or text in UTF-8; nothing unless given
   * @returns output and error output, each undefined where that is no pipe
   */
  async communicate(
    input?: Uint8Array | string,
    options: SignalOption = {},
  ): Promise<[stdout: Buffer | undefined, stderr: Buffer | undefined]> {
    const [, stdout, stderr] = await Promise.all([
      this.#feed(input, options),
      this.stdout?.read(-1, options),
      this.stderr?.read(-1, options),
    ]);
    await this.wait(options);
    return [stdout, stderr];
  }

  /**
   * Sends it a signal, and its whole group where it leads one. When it has ended nothing happens.
   *
   * @throws ArgumentError for what is no signal; the system's error where it may not be sent
   */
  sendSignal(signal: NodeJS.Signals): void {
    this.#child.send(signal);
  }

  /** Asks it to end: `sendSignal("SIGTERM")`. */
  terminate(): void {
    this.#child.send("SIGTERM");
  }

  /** Ends it at once: `sendSignal("SIGKILL")`. */
  kill(): void {
    this.#child.send("SIGKILL");
  }

  /** Tells in words what it is, and how it stands. */
  toString(): string {
    const { returnCode, signal, description } = this.#child;
    if (returnCode === undefined) return `${description} (running)`;
    return `${description} (${signal ?? `code ${returnCode}`})`;
  }

  /** Ends it, unless it has ended or may be left running, and closes its pipes: SIGTERM, its grace period, SIGKILL. */
  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child.traits.leaveRunning && child.returnCode === undefined) {
      child.leave();
      return;
    }
    try {
      const end = endChild(child, this.#loop.host, child.traits.gracePeriod);
      await until(end, `the end of ${child.description}`);
    } finally {
      this.stdin?.abort();
      child.destroyStreams();
    }
  }

  async #feed(input: Uint8Array | string | undefined, options: SignalOption): Promise<void> {
    const writer = this.stdin;
    if (writer === undefined) return;
    if (input !== undefined && !writer.isClosing()) {
      writer.write(input);
      try {
        await writer.drain(options);
      } catch (error) {
        if (!isPipeBroken(error)) throw error;
      }
    }
    writer.close();
  }
}

/** Whether a write failed because nobody reads. */
function isPipeBroken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return error instanceof ConnectionLostError || code === "EPIPE" || code === "ECONNRESET";
}
