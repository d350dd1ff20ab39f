// A child process that has started, and what becomes of it. It knows neither runtime.
//
//   running ── the system says that it ended ──▶ ended; its streams stay until they are read to the end, or destroyed
//
// Node reads what is left in a child's outputs, and throws it away, when the child has ended and nobody listens. The listener for
// 'readable' that does nothing prevents that, and the output waits for its reader. An 'error' without a listener would end this
// process: each stream and the child have one of ours, for life.
import { success, type Host, type Outcome, type Wait } from "@trestle/host";
import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { commandText, type Command } from "./command.js";
import { addLiving, removeLiving, type Dependent } from "./living-children.js";
import { returnCodeOf, signalNumber } from "./signal-number.js";

/** How a child was started, as far as it matters afterwards. */
export interface ChildTraits {
  readonly command: Command;
  readonly processGroup: boolean;
  readonly leaveRunning: boolean;
  readonly gracePeriod: number;
}

/** A child process that has started. */
export class Child implements Dependent {
  readonly traits: ChildTraits;
  readonly pid: number;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  /** The exit code, negative for the signal that ended it; undefined while it runs. */
  returnCode: number | undefined;
  /** The signal that ended it. */
  signal: NodeJS.Signals | undefined;
  readonly #process: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #isGone = false;

  /**
   * @param process has a pid
   * @param stdout what comes out of it, where that is no pipe of Node's making
   */
  constructor(process: ChildProcess, traits: ChildTraits, stdout?: Readable) {
    this.#process = process;
    this.traits = traits;
    this.pid = process.pid as number;
    this.stdin = process.stdin ?? undefined;
    this.stdout = stdout ?? process.stdout ?? undefined;
    this.stderr = process.stderr ?? undefined;
    process.on("exit", (code, signal) => this.#ended(code, signal));
    process.on("close", () => (this.#isGone = true));
    process.on("error", ignore);
    for (const stream of [this.stdin, this.stdout, this.stderr]) stream?.on("error", ignore);
    for (const stream of [this.stdout, this.stderr]) stream?.on("readable", ignore);
    if (!traits.leaveRunning) addLiving(this);
  }

  /** What it is, for reports: "process 7 'ls -l'". */
  get description(): string {
    return `process ${this.pid} '${commandText(this.traits.command)}'`;
  }

  /** Ends with the return code. Any number may wait; who withdraws leaves it running. It holds the host meanwhile. */
  exit(host: Host): Wait<number> {
    return (resume: (outcome: Outcome<number>) => void) => {
      if (this.returnCode !== undefined) {
        resume(success(this.returnCode));
        return () => "committed";
      }
      const release = host.hold(`the end of ${this.description}`);
      const ended = (): void => {
        release();
        resume(success(this.returnCode as number));
      };
      this.#waiting.add(ended);
      return () => {
        this.#waiting.delete(ended);
        release();
        return "withdrawn";
      };
    };
  }

  /** Calls back when it ends. */
  whenEnded(callback: () => void): void {
    this.#waiting.add(callback);
  }

  /** Calls back when it has ended and its pipes are closed; at once where that is so already. */
  whenGone(callback: () => void): void {
    if (this.#isGone) callback();
    else this.#process.on("close", callback);
  }

  /**
   * Sends it a signal, and its whole group where it leads one; gives whether there was somebody to get it. After its own end its
   * number may be that of another process, so nothing is sent to it any more.
   *
   * @throws ArgumentError for what is no signal; the system's error where it may not be sent
   */
  send(signal: NodeJS.Signals): boolean {
    signalNumber(signal, "send");
    return this.returnCode === undefined && this.#send(signal);
  }

  /** Kills what is left of its group, after its own end too: a group keeps its number while it has members. */
  killGroup(): void {
    if (!this.traits.processGroup) return;
    try {
      this.#send("SIGKILL");
    } catch {
      // What may not be killed is not ours any more: it has become another user's.
    }
  }

  /** Takes an output over from us, for somebody who reads it at once. */
  takeOutput(stream: Readable): Readable {
    stream.off("readable", ignore);
    return stream;
  }

  destroyStreams(): void {
    for (const stream of [this.stdin, this.stdout, this.stderr]) stream?.destroy();
  }

  /** Lets go of it: neither it nor its streams keep this process alive any more, and it may stay. */
  leave(): void {
    removeLiving(this);
    this.#process.unref();
    for (const stream of [this.stdin, this.stdout, this.stderr]) unref(stream);
  }

  processEnds(): void {
    try {
      this.send("SIGTERM");
    } catch {
      // There is nobody left to be told.
    }
  }

  #send(signal: NodeJS.Signals): boolean {
    try {
      return process.kill(this.traits.processGroup ? -this.pid : this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
      throw error;
    }
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.returnCode = returnCodeOf(code, signal);
    this.signal = signal ?? undefined;
    removeLiving(this);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const ended of waiting) ended();
  }
}

function ignore(): void {}

/** Pipes are sockets in Node, which can be told not to keep the process alive. */
function unref(stream: object | undefined): void {
  if (stream instanceof Socket) stream.unref();
}
