import type { Operation } from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { run, type LoopOptions, type StructuredEventLoop } from "../src/index.js";

/** A place for runs with a loop on virtual time, with a trace that tells the time of each line. */
export interface VirtualBridge {
  readonly host: VirtualHost;
  readonly trace: Trace;
  readonly log: (message: string) => void;
  /** `run` of the bridge. */
  readonly run: <T>(
    main: (loop: StructuredEventLoop) => Operation<T>,
    options?: LoopOptions & { readonly seed?: number },
  ) => Promise<T>;
}

/** Gives a fresh clock at 0, an empty trace, and a `run` that lives on that clock. */
export function virtualBridge(): VirtualBridge {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  return {
    host,
    trace,
    log: trace.log,
    run: (main, options) => run(main, { host, ...options }),
  };
}
