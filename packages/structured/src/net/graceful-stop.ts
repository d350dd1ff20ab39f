import { checkDuration } from "../durations.js";
import type { Operation } from "../operation.js";
import { Event } from "../sync/event.js";

/** How a server is stopped. */
export interface StopOptions {
  /** How long, in milliseconds, the connections that are there have to end; then they are cancelled. Infinity unless given. */
  readonly gracePeriod?: number;
}

/**
 * Stops servers without breaking off what they are doing: they take no more connections, give those that are there some time
 * to end, then cancel the rest, and return. One may be given to several servers.
 *
 * Source: ours; Trio's users ask for it. Flavor: structured; `request` may be called from anywhere, such as the handler of a
 * signal.
 *
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { GracefulStop, serveTcp } from "@trestle/structured/net";
 *
 * const stop = new GracefulStop();
 * process.once("SIGTERM", () => stop.request({ gracePeriod: 5000 }));
 *
 * await run(() => serveTcp((stream) => stream.sendAll(new TextEncoder().encode("hello\n")), 8080, { stop }));
 * ```
 */
export class GracefulStop {
  readonly #requested = new Event();
  #gracePeriod = Infinity;

  /** Whether the servers are to stop. A handler that waits for more work of its client may look, and end. */
  get isRequested(): boolean {
    return this.#requested.isSet;
  }

  /** How long, in milliseconds, the connections have to end; Infinity until a stop is requested. */
  get gracePeriod(): number {
    return this.#gracePeriod;
  }

  /**
   * Stops the servers, once; a second call does nothing. It returns at once.
   *
   * @throws ArgumentError for a period that is negative or no number
   */
  request(options: StopOptions = {}): void {
    const { gracePeriod = Infinity } = options;
    checkDuration(gracePeriod, "stop servers within a time");
    if (this.isRequested) return;
    this.#gracePeriod = gracePeriod;
    this.#requested.set();
  }

  /** Waits until a stop is requested. A cancellation ends the wait. */
  wait(): Operation<void> {
    return this.#requested.wait();
  }
}
