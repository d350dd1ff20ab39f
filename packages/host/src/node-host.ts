// Node's event loop as a Host; Bun and Deno offer the same calls.
//
// A hop is a next tick that asks for a microtask. Node takes up next ticks when the microtask queue has run empty, however
// long the chains in it are, so all microtasks of one callback run before the next. And a callback that runs as a microtask
// throws at half the price: elsewhere Node has V8 prepare each exception for a report, also those that are caught.
//
// In a call of Node's own no microtask has run yet, and a hop is one: with no next tick in it, such a call costs a tenth less.
import { DeadlockError } from "./deadlock-error.js";
import type { Release, WatchedParty } from "./host.js";
import { Microtasks } from "./microtasks.js";
import { TurnHost, type Platform } from "./turn-host.js";

/** What a hop is made of. */
export interface NodeCalls {
  readonly nextTick: (callback: () => void) => void;
  readonly setImmediate: (callback: () => void) => void;
}

/**
 * Gives Node's calls for turns; undefined where there are none. They are those that were there at first: whoever puts a clock by
 * hand in the place of the timers later means the time, and the host's turns go on.
 */
export function nodeCalls(): NodeCalls | undefined {
  const calls = presentCalls();
  return calls && (atLoad ?? calls);
}

function presentCalls(): NodeCalls | undefined {
  const { process, setImmediate } = globalThis as {
    readonly process?: Partial<NodeJS.Process>;
    readonly setImmediate?: typeof globalThis.setImmediate;
  };
  if (typeof process?.nextTick !== "function" || typeof setImmediate !== "function")
    return undefined;
  return { nextTick: process.nextTick.bind(process), setImmediate };
}

const atLoad = presentCalls();

const FOREVER_MS = 2 ** 31 - 1;

function nodePlatform({ nextTick, setImmediate }: NodeCalls): Platform {
  const microtasks = new Microtasks();
  const { ask } = microtasks;
  const askAnew = (): void => {
    microtasks.renew();
    ask();
  };
  return {
    now: () => performance.now(),
    hop: (callback) => {
      microtasks.prepare(callback);
      nextTick(ask);
    },
    hopInCallback: (callback) => {
      microtasks.prepare(callback);
      ask();
    },
    afterInput: (callback) => {
      microtasks.prepare(callback);
      setImmediate(askAnew);
    },
    timer: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    keepAlive: () => {
      const interval = setInterval(() => {}, FOREVER_MS);
      return () => clearInterval(interval);
    },
  };
}

/** Node's event loop as a Host. Work that is still parked when Node runs out of events is told so, at `beforeExit`. */
export class NodeHost extends TurnHost {
  readonly #parties = new Set<WatchedParty>();

  constructor(calls: NodeCalls) {
    super(nodePlatform(calls));
  }

  watch(party: WatchedParty): Release {
    if (this.#parties.size === 0) process.on("beforeExit", this.#report);
    this.#parties.add(party);
    return () => {
      if (this.#parties.delete(party) && this.#parties.size === 0)
        process.off("beforeExit", this.#report);
    };
  }

  readonly #report = (): void => void reportDeadlock(this.#parties);
}

/**
 * Tells all parties that are parked that nothing will wake them; gives whether there were any. It is for hosts.
 *
 * Source: ours. Flavor: either. It waits for nothing, and throws what a party's `deadlock` throws.
 *
 * @param parties those that `watch` was given and that have not gone
 * @example
 * ```ts
 * import { reportDeadlock, type WatchedParty } from "@trestle/host";
 *
 * const party: WatchedParty = {
 *   stuck: () => ["task 'main' waits for an event"],
 *   deadlock: (error) => console.log(error.message),
 * };
 * console.log(reportDeadlock(new Set([party]))); // true
 * ```
 */
export function reportDeadlock(parties: ReadonlySet<WatchedParty>): boolean {
  const stuck = [...parties]
    .map((party) => ({ party, lines: party.stuck() }))
    .filter(({ lines }) => lines.length > 0);
  if (stuck.length === 0) return false;
  const error = new DeadlockError(stuck.flatMap(({ lines }) => lines));
  for (const { party } of stuck) party.deadlock(error);
  return true;
}
