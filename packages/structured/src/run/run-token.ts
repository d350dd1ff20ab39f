import { requireRun } from "../ambient.js";
import { CallQueue } from "./call-queue.js";
import { servicesOf } from "./run-services.js";

/**
 * The way into a run from outside: from timers, listeners, promises, other runs. There is one for each run; keep it for as long
 * as you like.
 *
 * Source: Trio's TrioToken. Flavor: either.
 */
export interface RunToken {
  /**
   * Runs a function soon, as code of the run: it may start tasks, set RunVars, and use everything that waits for nothing. It
   * runs in a turn of its own, after those that were queued before, and in the context that `run` was called in. Calls that
   * a function queues run after the next round of tasks, so they starve nobody.
   *
   * It returns at once. What it has accepted runs, also where main has ended meanwhile. An error of the function cancels all
   * tasks, and the run rejects with RunCrashedError.
   *
   * @throws RunFinishedError once the run has ended; ArgumentError and WrongFlavorError for what is no plain function
   */
  runSoon<A extends unknown[]>(fn: (...args: A) => void, ...args: A): void;
  /**
   * The same, but nothing where an equal call waits already: the same function with the same arguments. A call that has begun
   * may be queued again.
   */
  runSoonOnce<A extends unknown[]>(fn: (...args: A) => void, ...args: A): void;
}

/**
 * Gives the token of this run, by which any callback can call in. It is the same one each time.
 *
 * Source: Trio's `current_trio_token`. Flavor: structured. It waits for nothing.
 *
 * @throws NoRunError outside of a run
 * @example
 * ```ts
 * import { Event, run } from "@trestle/structured";
 * import { currentRunToken } from "@trestle/structured/lowlevel";
 *
 * await run(function* () {
 *   const token = currentRunToken();
 *   const event = new Event();
 *   setTimeout(() => token.runSoon(() => event.set()), 10);
 *   yield* event.wait();
 * });
 * ```
 */
export function currentRunToken(): RunToken {
  const state = requireRun("give the token of the run");
  const services = servicesOf(state);
  const calls = (services.calls ??= new CallQueue(state, services));
  return (calls.token ??= new OpenRunToken(calls));
}

class OpenRunToken implements RunToken {
  readonly #calls: CallQueue;

  constructor(calls: CallQueue) {
    this.#calls = calls;
  }

  runSoon<A extends unknown[]>(fn: (...args: A) => void, ...args: A): void {
    this.#calls.add({ fn, args, isMerged: false });
  }

  runSoonOnce<A extends unknown[]>(fn: (...args: A) => void, ...args: A): void {
    this.#calls.add({ fn, args, isMerged: true });
  }
}
