// A program's entry: what a process adds to a run. Signals on the way in, a report and an exit code on the way out.
//
//   running ── first signal: main is cancelled ──▶ unwinding ── second signal ──▶ the process is gone
//      │                                              │
//      └── main ends ──▶ exit code, or report         └── main ends ──▶ 130 or 143; a report where it failed
//
// The exit code is only noted: the process ends when Node has nothing left to do, and what was written is out by then.
import {
  ArgumentError,
  asSignalFallback,
  describe,
  ExceptionGroup,
  ExitError,
  exitErrorIn,
  isSignalClaimed,
  type SignalListeners,
} from "@trestle/host";
import { errorReport } from "./error-report.js";
import { NoProcessError } from "./no-process-error.js";
import type { Operation } from "../operation.js";
import { RunCancelledError } from "./run-cancelled-error.js";
import { checkRunOptions, type RunOptions } from "./run-options.js";
import { Run } from "./run.js";
import { SignalReceivedError, SIGNALS, type EndingSignal } from "./signal-received-error.js";

/** What a program needs of its process. */
export interface ProgramProcess extends SignalListeners {
  exitCode?: number | string | null | undefined;
  readonly pid: number;
  readonly stderr: { write(text: string): unknown };
  on(signal: EndingSignal, listener: (signal: EndingSignal) => void): unknown;
  off(signal: EndingSignal, listener: (signal: EndingSignal) => void): unknown;
  listenerCount(signal: EndingSignal): number;
  kill(pid: number, signal: EndingSignal): unknown;
  exit(code: number): unknown;
}

/**
 * Runs a structured function as this process's program, and sees to its signals and its exit code.
 *
 * The first SIGINT (Ctrl-C) or SIGTERM cancels the main task, with a SignalReceivedError as the reason: everything unwinds and
 * cleans up. A second one ends the process at once, and tells on stderr which tasks were left. A signal that the program itself
 * receives, by `openSignalReceiver` of @trestle/io, is left to it meanwhile. The exit code is
 *
 * - the number that the function returns, from 0 to 255; without one 0, or what the program has set as `process.exitCode`
 * - 130 after a SIGINT and 143 after a SIGTERM, where the function returns no number
 * - that of an ExitError that leaves it, alone or in a group
 * - 1 for any other error that leaves it, which is reported on stderr with its causes, a group as one list
 *
 * The promise is there when all that is done, and never rejects. Other listeners for the signals are left alone. Source: ours;
 * Trio leaves signals to Python's KeyboardInterrupt. Flavor: this is where a program enters the structured one.
 *
 * @param fn the main task's function
 * @param options those of a run
 * @throws NoProcessError where there is no process; WrongFlavorError where `fn` is no structured function; ArgumentError
 * @example
 * ```ts
 * import { main, sleep } from "@trestle/structured";
 *
 * void main(function* () {
 *   yield* sleep(10);
 *   console.log("done");
 * });
 * ```
 */
export function main(fn: () => Operation<number | void>, options: RunOptions = {}): Promise<void> {
  const { process } = globalThis as { readonly process?: Partial<ProgramProcess> };
  if (process?.kill === undefined || process.on === undefined) throw new NoProcessError();
  return runProgram(fn, options, process as ProgramProcess);
}

/** The same for any process. */
export function runProgram(
  fn: () => Operation<number | void>,
  options: RunOptions,
  process: ProgramProcess,
): Promise<void> {
  checkRunOptions(options);
  return new Program(options, process).start(fn);
}

class Program {
  readonly #run: Run;
  readonly #process: ProgramProcess;
  #received: EndingSignal | undefined;

  constructor(options: RunOptions, process: ProgramProcess) {
    this.#run = new Run(options);
    this.#process = process;
  }

  start(fn: () => Operation<number | void>): Promise<void> {
    const ended = this.#run.start(fn);
    for (const signal of signals) this.#process.on(signal, this.#heard);
    return ended
      .then(
        (value) => this.#returned(value),
        (error: unknown) => this.#threw(error),
      )
      .finally(() => this.#unlisten());
  }

  readonly #heard = asSignalFallback((signal: EndingSignal): void => {
    if (isSignalClaimed(this.#process, signal)) return;
    if (this.#received !== undefined) {
      this.#endAtOnce(signal);
      return;
    }
    this.#received = signal;
    this.#run.cancel(new SignalReceivedError(signal));
  });

  /** By the signal itself, so that the shell sees it; but one that has listeners kills nobody. */
  #endAtOnce(signal: EndingSignal): void {
    const left = this.#run.blocked().map((line) => `  ${line}\n`);
    this.#process.stderr.write(`Ended by a second signal, ${signal}. Left:\n${left.join("")}`);
    this.#unlisten();
    if (this.#process.listenerCount(signal) === 0) this.#process.kill(this.#process.pid, signal);
    else this.#process.exit(codeOf(signal));
  }

  #returned(value: unknown): void {
    if (typeof value !== "number") {
      if (this.#received !== undefined) this.#process.exitCode = codeOf(this.#received);
    } else if (Number.isInteger(value) && value >= 0 && value <= 255) {
      this.#process.exitCode = value;
    } else {
      this.#threw(
        new ArgumentError(
          `Cannot exit with ${describe(value)}: an exit code is a whole number from 0 to 255.`,
        ),
      );
    }
  }

  #threw(error: unknown): void {
    if (this.#received !== undefined && isEndedBySignal(error)) {
      this.#process.exitCode = codeOf(this.#received);
      return;
    }
    const exit = exitErrorIn(error);
    if (!isExit(error)) this.#process.stderr.write(`Uncaught ${errorReport(error)}\n`);
    this.#process.exitCode = exit?.exitCode ?? 1;
  }

  #unlisten(): void {
    for (const signal of signals) this.#process.off(signal, this.#heard);
  }
}

const signals = /* @__PURE__ */ Object.keys(SIGNALS) as EndingSignal[];

function codeOf(signal: EndingSignal): number {
  return 128 + SIGNALS[signal];
}

function isEndedBySignal(error: unknown): boolean {
  return error instanceof RunCancelledError && error.cause instanceof SignalReceivedError;
}

/** Whether an error says no more than that the program ends. */
function isExit(error: unknown): boolean {
  const errors = error instanceof ExceptionGroup ? error.flatten() : [error];
  return errors.every((one) => one instanceof ExitError);
}
