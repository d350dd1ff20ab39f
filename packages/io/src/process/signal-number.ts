// Signals by name and by number. A return code is that of asyncio and Trio: negative for the signal that ended a process.
import { ArgumentError, describe } from "@trestle/host";
import { constants } from "node:os";

/** The number of a signal. @throws ArgumentError for a name that this system has no signal for */
export function signalNumber(signal: string, action: string): number {
  const number = (constants.signals as Readonly<Record<string, number | undefined>>)[signal];
  if (typeof signal === "string" && number !== undefined) return number;
  throw new ArgumentError(
    `Cannot ${action} the signal ${describe(signal)}: this system has no such signal.\nA name such as "SIGTERM" is wanted.`,
  );
}

/** The return code of a process that has ended with an exit code, or by a signal. */
export function returnCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) : -constants.signals[signal];
}

/** Says how a process has ended, in words: "it was ended by SIGKILL". */
export function endText(returnCode: number, signal: NodeJS.Signals | undefined): string {
  return signal === undefined
    ? `it ended with the code ${returnCode}`
    : `it was ended by ${signal}`;
}
