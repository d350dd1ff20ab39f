// What is to run, checked: a program with its arguments, or a line for the shell.
import { ArgumentError, describe } from "@trestle/host";

/** A program with its arguments, or a line for the shell. */
export type Command =
  | { readonly program: string; readonly args: readonly string[] }
  | { readonly shell: string };

const ACTION = "start a process";

/**
 * Makes a command of what Trio takes: a list with the program first; or, with `shell`, a line of text.
 *
 * @throws ArgumentError for everything else
 */
export function commandOf(command: readonly string[] | string, shell: boolean): Command {
  if (typeof shell !== "boolean") {
    throw new ArgumentError(
      `Cannot ${ACTION} with ${describe(shell)} for 'shell': a boolean is wanted.`,
    );
  }
  if (typeof command === "string") {
    if (!shell) throw noList(command);
    return checkCommand({ shell: command });
  }
  if (shell) {
    throw new ArgumentError(
      `Cannot ${ACTION} by the shell from ${describe(command)}: one line of text is wanted.\n` +
        "Leave 'shell' out to start a program with arguments.",
    );
  }
  if (!Array.isArray(command)) {
    throw new ArgumentError(`Cannot ${ACTION} from ${describe(command)}: a list is wanted.`);
  }
  const [program = "", ...args] = command as readonly string[];
  return checkCommand({ program, args });
}

/** Gives the command back. @throws ArgumentError for one that no system can run */
export function checkCommand(command: Command): Command {
  if ("shell" in command) {
    checkText(command.shell, "the line");
    return command;
  }
  checkText(command.program, "the program");
  if (command.program === "") {
    throw new ArgumentError(`Cannot ${ACTION} without a program: its name is empty.`);
  }
  if (!Array.isArray(command.args)) {
    throw new ArgumentError(
      `Cannot ${ACTION} with ${describe(command.args)} for arguments: a list of strings is wanted.`,
    );
  }
  for (const [at, argument] of command.args.entries()) checkText(argument, `argument ${at + 1}`);
  return command;
}

/** The command as errors and reports show it, on one line. */
export function commandText(command: Command): string {
  const text = "shell" in command ? command.shell : [command.program, ...command.args].join(" ");
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

const LONGEST = 80;

/** Throws ArgumentError for what cannot be a text that the system is given. */
export function checkText(text: unknown, what: string): void {
  if (typeof text !== "string") {
    throw new ArgumentError(
      `Cannot ${ACTION} with ${describe(text)} for ${what}: a string is wanted.`,
    );
  }
  if (!text.includes("\0")) return;
  throw new ArgumentError(
    `Cannot ${ACTION} with ${describe(text)} for ${what}: it contains a NUL byte, where the system would cut it off.`,
  );
}

function noList(command: string): ArgumentError {
  return new ArgumentError(
    `Cannot ${ACTION} from the text ${describe(command)}: a list is wanted, the program and its arguments.\n` +
      "Give '{ shell: true }' for a line that the shell is to read.",
  );
}
