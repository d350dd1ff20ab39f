// A command as a child process, with all that it starts.
import { ExitError, type Operation } from "trestle";
import { ProcessStartError, runProcess } from "trestle/io";
import type { Ending } from "./rebuild.js";

/** A line for the shell; or a program and its arguments. */
export type Command = string | readonly string[];

/** A command as it is shown. */
export function textOf(command: Command): string {
  return typeof command === "string" ? command : command.join(" ");
}

/**
 * Runs a command to its end. Cancelled, it ends the command and all that it has started: they are asked to end, have some grace, and
 * are killed.
 *
 * @param grace in milliseconds
 * @throws ExitError where it cannot be started, when that has been told
 */
export function* runCommand(command: Command, grace: number): Operation<Ending> {
  try {
    const { returnCode, signal } = yield* runProcess(command, {
      shell: typeof command === "string",
      check: false,
      // A group is ended as a whole. And Ctrl-C on a terminal is for this program, which ends the others.
      processGroup: true,
      gracePeriod: grace,
    });
    const how = signal === undefined ? `ended with the code ${returnCode}` : `got ${signal}`;
    return { isGood: returnCode === 0, how };
  } catch (error) {
    if (!(error instanceof ProcessStartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    throw new ExitError(2);
  }
}
