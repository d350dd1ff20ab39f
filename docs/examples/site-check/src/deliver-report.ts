// Where the report goes: into a file where one is wanted. Where that does not come about, be it by a failure, because it takes too
// long, or because somebody interrupts, the report is printed instead: what was found is never lost.
import type { Writable } from "node:stream";
import { ProcessFailedError, ProcessStartError } from "@trestle/io";
import {
  failAfter,
  isCancelled,
  openNursery,
  TooSlowError,
  type Operation,
} from "@trestle/structured";
import type { Interrupts } from "./interrupts.js";
import { writeOutputFile } from "./output-file.js";
import { print } from "./print.js";

/** Where a report can go. */
export interface Destination {
  /** The file that is wanted, if one is. */
  readonly output: string | undefined;
  /** How long writing it may take, in milliseconds. */
  readonly timeout: number;
  readonly interrupts: Pick<Interrupts, "wait" | "signal">;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Delivers a report, and tells whether it is where it was wanted. */
export function* deliverReport(report: string, destination: Destination): Operation<boolean> {
  const { output, stdout, stderr } = destination;
  if (output === undefined) {
    yield* print(stdout, report);
    return true;
  }
  const obstacle = yield* write(report, output, destination);
  if (obstacle === undefined) return true;
  yield* print(stderr, `Cannot write "${output}": ${obstacle}\nThe result is printed instead.\n`);
  yield* print(stdout, report);
  return false;
}

/** Writes the file, and gives the reason where it is not written. */
function* write(
  report: string,
  file: string,
  { timeout, interrupts }: Destination,
): Operation<string | undefined> {
  let obstacle: string | undefined = "interrupted.";
  yield* openNursery(function* (nursery): Operation<void> {
    // Who has interrupted the crawl wants its report; the next signal ends the program.
    if (interrupts.signal === undefined) {
      nursery.startSoon(function* (): Operation<void> {
        yield* interrupts.wait();
        nursery.cancelScope.cancel(interrupts.signal);
      });
    }
    try {
      yield* failAfter(timeout, () => writeOutputFile(file, report));
      obstacle = undefined;
    } catch (error) {
      obstacle = obstacleOf(error, timeout);
    }
    nursery.cancelScope.cancel("the report is written");
  });
  return obstacle;
}

/** Why a file was not written. Cancellations, and mistakes of the program, go on up. */
function obstacleOf(error: unknown, timeout: number): string {
  if (isCancelled(error) || !(error instanceof Error)) throw error;
  if (error instanceof TooSlowError) return `it is not done within ${timeout} ms.`;
  const isOurs = error instanceof ProcessFailedError || error instanceof ProcessStartError;
  if (isOurs || "syscall" in error) return error.message;
  throw error;
}
