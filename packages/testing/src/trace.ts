/** One line of a trace: the time it was written, in milliseconds, and what was said. */
export type TraceEntry = readonly [at: number, message: string];

/**
 * What happened, in order, with the time of each thing: tests assert it whole.
 *
 * Flavor: either. Source: ours, after Eio's traces.
 *
 * @example
 * ```ts
 * import { Trace, VirtualHost } from "@trestle/testing";
 *
 * const host = new VirtualHost();
 * const trace = new Trace(() => host.now());
 * trace.log("started");
 * console.log(trace.entries); // [[0, "started"]]
 * ```
 */
export class Trace {
  readonly #now: () => number;
  readonly #entries: TraceEntry[] = [];

  /** @param now gives the time in milliseconds; without it every entry is at 0 */
  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  /** Writes a line. May be handed on as a function. */
  readonly log = (message: string): void => {
    this.#entries.push([this.#now(), message]);
  };

  /** All lines with their times. */
  get entries(): readonly TraceEntry[] {
    return [...this.#entries];
  }

  /** All lines without their times. */
  get messages(): readonly string[] {
    return this.#entries.map(([, message]) => message);
  }
}
