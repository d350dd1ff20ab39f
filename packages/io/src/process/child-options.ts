// How a child process is started, whatever the flavor, and what is checked of it before anything is.
import { ArgumentError, describe } from "@trestle/host";
import { checkText } from "./command.js";

/** An open file of the system: its number, or something that has one. */
export type OpenFile = number | { readonly fd: number };

/**
 * Where an input or output of a child leads: through a pipe to this process, to where that of this process leads, nowhere, or
 * to an open file.
 */
export type ChildPipe = "pipe" | "inherit" | "ignore" | OpenFile;

/** The same for the error output, which may also go where the output goes: "stdout". */
export type ChildErrorPipe = ChildPipe | "stdout";

/** How a child process is started. */
export interface ChildOptions {
  /** The directory that it begins in; that of this process unless given. */
  readonly cwd?: string | undefined;
  /** Its environment, all of it; that of this process unless given. A variable that is undefined is left out. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Whether the child leads a session and group of processes of its own, which signals and its end are then for. It has no
   * terminal then, and Ctrl-C does not reach it by itself. False unless given. Not on Windows.
   */
  readonly processGroup?: boolean | undefined;
  /** How long, in milliseconds of real time, a child has for its end after SIGTERM, before SIGKILL; 5000 unless given. */
  readonly gracePeriod?: number | undefined;
  /** Whether it may go on when the run or loop, or this process, ends; it is ended then unless this is true. */
  readonly leaveRunning?: boolean | undefined;
  /** The name that it is told for itself; the program unless given. */
  readonly argv0?: string | undefined;
  /** The user that it becomes, by number. */
  readonly uid?: number | undefined;
  /** The group of users that it becomes, by number. */
  readonly gid?: number | undefined;
}

/** The inputs and outputs of a child. */
export interface ChildPipes {
  readonly stdin: ChildPipe;
  readonly stdout: ChildPipe;
  readonly stderr: ChildErrorPipe;
}

/** How long a child has for its end, unless it is told. */
export const GRACE_PERIOD_MS = 5000;

const ACTION = "start a process";
const refused = ["text", "encoding", "errors", "universalNewlines", "bufsize"];

/** Throws ArgumentError for options that make no sense. */
export function checkChildOptions(options: ChildOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(`Cannot ${ACTION} with ${describe(options)} for options.`);
  }
  const found = refused.find((name) => name in options);
  if (found !== undefined) {
    throw new ArgumentError(
      `Cannot ${ACTION} with the option '${found}': its inputs and outputs are bytes.\n` +
        "Text becomes bytes by 'new TextEncoder().encode(text)', and bytes text by 'new TextDecoder().decode(bytes)'.",
    );
  }
  const { cwd, env, argv0, processGroup, leaveRunning, gracePeriod = 0 } = options;
  if (cwd !== undefined) checkText(cwd, "'cwd'");
  if (argv0 !== undefined) checkText(argv0, "'argv0'");
  if (env !== undefined && (typeof env !== "object" || env === null)) {
    throw new ArgumentError(
      `Cannot ${ACTION} with ${describe(env)} for 'env': an object of texts is wanted.`,
    );
  }
  for (const [name, value] of Object.entries(env ?? {})) {
    checkText(name, "the name of a variable");
    if (value !== undefined) checkText(value, `the variable '${name}'`);
  }
  checkBoolean(processGroup, "processGroup");
  checkBoolean(leaveRunning, "leaveRunning");
  if (typeof gracePeriod === "number" && gracePeriod >= 0) return;
  throw new ArgumentError(
    `Cannot ${ACTION} with a grace period of ${describe(gracePeriod)}: milliseconds are wanted, 0 or more.`,
  );
}

/** Throws ArgumentError for what no input or output can lead to. */
export function checkPipes({ stdin, stdout, stderr }: ChildPipes): void {
  checkPipe(stdin, "stdin");
  checkPipe(stdout, "stdout");
  if (stderr !== "stdout") checkPipe(stderr, "stderr");
}

function checkPipe(pipe: unknown, name: string): void {
  if (pipe === "pipe" || pipe === "inherit" || pipe === "ignore" || isOpenFile(pipe)) return;
  throw new ArgumentError(
    `Cannot ${ACTION} with ${describe(pipe)} for '${name}': "pipe", "inherit", "ignore" or an open file is wanted.`,
  );
}

/** Whether this is an open file, by its number or with one. */
export function isOpenFile(value: unknown): value is OpenFile {
  const fd =
    typeof value === "object" && value !== null ? (value as { readonly fd?: unknown }).fd : value;
  return Number.isInteger(fd) && (fd as number) >= 0;
}

function checkBoolean(value: unknown, name: string): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new ArgumentError(
    `Cannot ${ACTION} with ${describe(value)} for '${name}': a boolean is wanted.`,
  );
}
