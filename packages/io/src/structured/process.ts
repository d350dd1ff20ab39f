import {
  CancelScope,
  checkpoint,
  checkpointIfCancelled,
  type Operation,
} from "@trestle/structured";
import { currentHost, suspend } from "@trestle/structured/lowlevel";
import {
  acloseForcefully,
  fromReadable,
  fromWritable,
  StapledStream,
  type AsyncResource,
  type ReceiveStream,
  type SendStream,
} from "@trestle/structured/streams";
import type { Child } from "../process/child.js";
import type { Command } from "../process/command.js";
import { endChild } from "../process/end-child.js";

/** The pipes of a child that somebody is to use. */
export type ProcessPipes = Pick<Child, "stdin" | "stdout" | "stderr">;

/**
 * A child process that runs, or has ended. `openProcess` gives it.
 *
 * It is a resource, so `using` makes a block of it: closing it ends the process. Source: Trio's Process. Flavor: structured.
 *
 * @example
 * ```ts
 * import { openProcess, type Process } from "@trestle/io/structured";
 * import { run, using } from "@trestle/structured";
 *
 * await run(() =>
 *   using(openProcess(["cat"], { stdin: "pipe" }), function* (cat: Process) {
 *     yield* cat.stdin!.aclose();
 *     console.log(yield* cat.wait()); // 0
 *   }),
 * );
 * ```
 */
export class Process implements AsyncResource {
  /** What it runs. */
  readonly command: Command;
  /** Its number in the system. */
  readonly pid: number;
  /** Its input, where that is a pipe; closing it is how most programs are told that there is no more. */
  readonly stdin: SendStream | undefined;
  /** Its output, where that is a pipe. What is not read stays there, and makes the process wait when the pipe is full. */
  readonly stdout: ReceiveStream | undefined;
  /** Its error output, where that is a pipe of its own. */
  readonly stderr: ReceiveStream | undefined;
  /** Its input and output as one stream, where both are pipes. */
  readonly stdio: StapledStream | undefined;
  readonly #child: Child;

  /**
   * @internal
   * @param pipes those of the child's that are its user's
   */
  constructor(child: Child, { stdin, stdout, stderr }: ProcessPipes) {
    this.#child = child;
    this.command = child.traits.command;
    this.pid = child.pid;
    this.stdin = stdin && fromWritable(stdin);
    this.stdout = stdout && fromReadable(stdout);
    this.stderr = stderr && fromReadable(stderr);
    this.stdio = this.stdin && this.stdout && new StapledStream(this.stdin, this.stdout);
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
   * Waits until it has ended, and gives its return code. Its pipes may still hold something to be read. Any number of tasks may
   * wait; a cancellation ends the wait and leaves the process running.
   */
  *wait(): Operation<number> {
    if (this.#child.returnCode !== undefined) yield* checkpoint();
    return yield* suspend(this.#child.exit(currentHost()), `the end of ${this.#child.description}`);
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

  /**
   * Ends it, unless it has ended, and closes its pipes: SIGTERM, its grace period, SIGKILL. A cancellation does not cut that
   * short; it comes out afterwards. One that may be left running is let go of.
   */
  *aclose(): Operation<void> {
    const child = this.#child;
    if (child.traits.leaveRunning && child.returnCode === undefined) {
      child.leave();
    } else {
      const shield = new CancelScope({ shield: true, name: "the end of a process" });
      yield* shield.run(() => this.#end());
    }
    yield* checkpointIfCancelled();
  }

  *#end(): Operation<void> {
    const child = this.#child;
    const end = endChild(child, currentHost(), child.traits.gracePeriod);
    yield* suspend(end, `the end of ${child.description}`);
    for (const stream of [this.stdin, this.stdout, this.stderr]) {
      if (stream !== undefined) yield* acloseForcefully(stream);
    }
  }

  /** Tells in words what it is, and how it stands. */
  toString(): string {
    const { returnCode, signal, description } = this.#child;
    if (returnCode === undefined) return `${description} (running)`;
    return `${description} (${signal ?? `code ${returnCode}`})`;
  }
}
