import { Trace, VirtualHost, type TraceEntry } from "@trestle/testing";
import type { EventLoop } from "../src/event-loop.js";
import { getRunningLoop } from "../src/current.js";
import { run } from "../src/run.js";

/** What a main function gets that is run for its trace. */
export interface Stage {
  readonly log: (message: string) => void;
  readonly loop: EventLoop;
  readonly host: VirtualHost;
}

/** Runs a function as the main task of a loop on virtual time, and gives what it has logged, with times. */
export async function traced(
  main: (stage: Stage) => Promise<unknown>,
): Promise<readonly TraceEntry[]> {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  await run(() => main({ log: trace.log, loop: getRunningLoop(), host }), { host });
  return trace.entries;
}

/** The same, where time does not matter. */
export async function messages(main: (stage: Stage) => Promise<unknown>): Promise<string[]> {
  return (await traced(main)).map(([, message]) => message);
}

/** Gives the error that the function throws, and fails where it throws none. */
export function thrownBy(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error("Cannot give the error: nothing was thrown.");
}
