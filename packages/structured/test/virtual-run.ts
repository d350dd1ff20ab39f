import { Trace, VirtualHost } from "@trestle/testing";
import { run, type Operation, type RunOptions } from "../src/index.js";

/** A place for runs on virtual time, with a trace that tells the time of each line. */
export interface VirtualRun {
  readonly host: VirtualHost;
  readonly trace: Trace;
  readonly log: (message: string) => void;
  readonly run: <T>(main: () => Operation<T>, options?: RunOptions) => Promise<T>;
}

/** Gives a fresh clock at 0, an empty trace, and a `run` that lives on that clock. */
export function virtualRun(): VirtualRun {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  return {
    host,
    trace,
    log: trace.log,
    run: (main, options) => run(main, { host, ...options }),
  };
}
