import { TrestleError } from "@trestle/host";
import { commandText, type Command } from "./command.js";
import { endText } from "./signal-number.js";

/** How a process has ended, and what was captured of its outputs. */
export interface CompletedProcess {
  /** What has run. */
  readonly command: Command;
  /** Its exit code, negative for the signal that ended it. */
  readonly returnCode: number;
  /** The signal that ended it; undefined where it ended by itself. */
  readonly signal: NodeJS.Signals | undefined;
  /** Its output, where it was captured. */
  readonly stdout: Uint8Array | undefined;
  /** Its error output, where it was captured. */
  readonly stderr: Uint8Array | undefined;
}

/**
 * A process has ended with another exit code than 0, or by a signal.
 *
 * Source: Python's CalledProcessError. Flavor: either.
 */
export class ProcessFailedError extends TrestleError implements CompletedProcess {
  static override readonly code = "TRESTLE_PROCESS_FAILED";

  readonly command: Command;
  readonly returnCode: number;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: Uint8Array | undefined;
  readonly stderr: Uint8Array | undefined;

  constructor(completed: CompletedProcess) {
    const { command, returnCode, signal, stdout, stderr } = completed;
    super(
      "ProcessFailedError",
      new.target.code,
      `Cannot run '${commandText(command)}': ${endText(returnCode, signal)}.${lastWords(stderr)}`,
    );
    this.command = command;
    this.returnCode = returnCode;
    this.signal = signal;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

const MOST_LINES = 5;

/** The end of an error output, for the message. */
function lastWords(stderr: Uint8Array | undefined): string {
  if (stderr === undefined) return "";
  const text = new TextDecoder().decode(stderr.subarray(-2048)).trimEnd();
  if (text === "") return "";
  const lines = text.split("\n").slice(-MOST_LINES);
  return `\nIts last words:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
