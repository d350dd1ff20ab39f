import { ArgumentError, describe, type Host } from "@trestle/host";
import { requireSignal } from "../interop/abort-listeners.js";
import type { Clock } from "./clock.js";
import { isObject } from "../is-object.js";
import type { Instrument } from "../instrument.js";

/** How a run lives. */
export interface RunOptions {
  /** What it takes time and turns from; the platform's event loop unless given. Tests give a VirtualHost. */
  readonly host?: Host;
  /** Tells the time in place of the host, which still gives the turns. */
  readonly clock?: Clock;
  /**
   * Makes the scheduler shuffle the tasks that are ready, in the same way for the same seed; a test that passes with all
   * seeds depends on no order. A whole number. Without it the order is first in, first out.
   */
  readonly seed?: number;
  /** Cancels main, with the signal's reason. The promise then rejects with RunCancelledError. */
  readonly signal?: AbortSignal;
  /** Those who are told what happens in the run. */
  readonly instruments?: readonly Instrument[];
  /** Whether tasks run in the platform's async context of whoever started them; true unless given. */
  readonly asyncContext?: boolean;
}

/** Throws ArgumentError for options that a run cannot live with. */
export function checkRunOptions(options: RunOptions): void {
  if (!isObject(options)) {
    throw new ArgumentError(
      `Cannot run with ${describe(options)} as options: an object is wanted.\nMain takes no arguments; write 'run(() => main(argument))'.`,
    );
  }
  const { host, clock, seed, signal, instruments, asyncContext }: RunOptions = options;
  requireFit("host", host, "a Host", isHost);
  requireFit("clock", clock, "a Clock", isClock);
  requireFit("seed", seed, "a whole number", Number.isSafeInteger);
  if (signal !== undefined) requireSignal(signal, "cancel a run");
  requireFit("instruments", instruments, "an array", Array.isArray);
  requireFit("asyncContext", asyncContext, "a boolean", (value) => typeof value === "boolean");
}

function requireFit(
  option: keyof RunOptions,
  value: unknown,
  wanted: string,
  fits: (value: unknown) => boolean,
): void {
  if (value === undefined || fits(value)) return;
  throw new ArgumentError(
    `Cannot run with ${describe(value)} as '${option}': ${wanted} is wanted.`,
  );
}

function isHost(value: unknown): boolean {
  return isObject(value) && HOST_CALLS.every((call) => typeof value[call] === "function");
}

function isClock(value: unknown): boolean {
  return isObject(value) && typeof value["hostOn"] === "function";
}

const HOST_CALLS = ["now", "soon", "at", "hold"] satisfies readonly (keyof Host)[];
