// Why a process did not start. The system has few words for it, and one of them, ENOENT, for two things: what it was is looked
// at here, once it has happened.
import { TrestleError } from "@trestle/host";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { commandText, type Command } from "./command.js";

/** A process could not be started. The cause is the system's error. Its subclasses say what is known of the reason. */
export class ProcessStartError extends TrestleError {
  static override readonly code: string = "TRESTLE_PROCESS_START";

  /** What was to run. */
  readonly command: Command;

  constructor(command: Command, why: string, advice: string, options?: ErrorOptions) {
    super(
      "ProcessStartError",
      new.target.code,
      `Cannot start '${commandText(command)}': ${why}.\n${advice}`,
      options,
    );
    this.command = command;
    Object.defineProperty(this, "name", { value: new.target.name });
  }
}

/** There is no such program, or its interpreter is missing. */
export class ProgramNotFoundError extends ProcessStartError {
  static override readonly code = "TRESTLE_PROGRAM_NOT_FOUND";
}

/** The program is there, and may not or cannot be run. */
export class ProgramNotExecutableError extends ProcessStartError {
  static override readonly code = "TRESTLE_PROGRAM_NOT_EXECUTABLE";
}

/** The directory that the process was to begin in is not there, is none, or may not be entered. */
export class WorkingDirectoryError extends ProcessStartError {
  static override readonly code = "TRESTLE_WORKING_DIRECTORY";
}

/** Arguments and environment are larger than the system takes. */
export class CommandTooLongError extends ProcessStartError {
  static override readonly code = "TRESTLE_COMMAND_TOO_LONG";
}

/** The error for a process whose one pipe for both outputs could not be made. */
export function outputErrorOf(error: unknown, command: Command): ProcessStartError {
  return new ProcessStartError(
    command,
    `the pipe for its output and error output could not be made (${codeOf(error)})`,
    "It takes a place in the directory for temporary files, which TMPDIR names, and two descriptors.",
    { cause: error },
  );
}

/** The error for a process that the system did not start. */
export function startErrorOf(
  error: unknown,
  command: Command,
  cwd: string | undefined,
): ProcessStartError {
  const code = codeOf(error);
  const options = { cause: error };
  if (code === "E2BIG") {
    return new CommandTooLongError(
      command,
      "its arguments and environment are too long",
      "Hand large data over by stdin or a file.",
      options,
    );
  }
  const badDirectory = cwd === undefined ? undefined : whyNotIn(cwd);
  if (badDirectory !== undefined && isAboutFiles(code)) {
    return new WorkingDirectoryError(
      command,
      `the directory '${cwd}' ${badDirectory}`,
      "Check 'cwd'.",
      options,
    );
  }
  if (code === "ENOENT") return notFound(command, options);
  if (code === "EACCES" || code === "ENOEXEC" || code === "EPERM" || code === "ENOTDIR") {
    return new ProgramNotExecutableError(
      command,
      `the program cannot be executed (${code})`,
      "Check its permissions, and what kind of file it is.",
      options,
    );
  }
  return new ProcessStartError(
    command,
    `the system says ${code}`,
    "'cause' is its error; it may be out of processes, descriptors or memory.",
    options,
  );
}

function notFound(command: Command, options: ErrorOptions): ProgramNotFoundError {
  const program = "shell" in command ? "/bin/sh" : command.program;
  if (program.includes("/") && existsSync(program)) {
    return new ProgramNotFoundError(
      command,
      "the interpreter that its first line names was not found",
      "Check the line that begins with '#!', and its end.",
      options,
    );
  }
  return new ProgramNotFoundError(
    command,
    "the program was not found",
    "Check its name, and PATH in the environment that it gets.",
    options,
  );
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? "an unknown error";
}

function isAboutFiles(code: string): boolean {
  return code === "ENOENT" || code === "ENOTDIR" || code === "EACCES";
}

function whyNotIn(cwd: string): string | undefined {
  const stats = statSync(cwd, { throwIfNoEntry: false });
  if (stats === undefined) return "was not found";
  if (!stats.isDirectory()) return "is no directory";
  try {
    accessSync(cwd, constants.X_OK);
    return undefined;
  } catch {
    return "may not be entered";
  }
}
