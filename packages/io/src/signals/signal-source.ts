// The signals of this process. There is one listener for each signal, while anybody receives it: the first one puts the default
// behaviour aside, and the last one brings it back.
//
// A signal that comes is an arrival, which all receivers of the moment get. One that closes without having looked at it gives it
// back: where nobody else has taken it or may still do so, it is raised again. Who listens to the process itself has heard it already.
import { ArgumentError, asSignalClaim, hasOtherListeners } from "@trestle/host";
import { isMainThread } from "node:worker_threads";
import { signalNumber } from "../process/signal-number.js";
import { NoSignalsError } from "./no-signals-error.js";

/** A signal that has come once. */
export class Arrival {
  readonly signal: NodeJS.Signals;
  isTaken = false;

  constructor(signal: NodeJS.Signals) {
    this.signal = signal;
  }
}

/** Whoever receives signals. */
export interface SignalListener {
  heard(arrival: Arrival): void;
  /** Whether it may still take it. */
  keeps(arrival: Arrival): boolean;
}

const ACTION = "receive";
const sources = new Map<NodeJS.Signals, SignalSource>();

class SignalSource {
  readonly listeners = new Set<SignalListener>();
  readonly #signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    this.#signal = signal;
  }

  /** What is registered with the process. */
  readonly heard = asSignalClaim((): void => {
    const arrival = new Arrival(this.#signal);
    const listeners = [...this.listeners];
    for (const listener of listeners) listener.heard(arrival);
  });
}

/**
 * Has a listener hear a signal.
 *
 * @throws NoSignalsError in a worker; ArgumentError for what is no signal, or cannot be received
 */
export function listenTo(signal: NodeJS.Signals, listener: SignalListener): void {
  checkSignal(signal);
  let source = sources.get(signal);
  if (source === undefined) {
    source = new SignalSource(signal);
    on(signal, source.heard);
    sources.set(signal, source);
  }
  source.listeners.add(listener);
}

/** It hears it no more. */
export function unlisten(signal: NodeJS.Signals, listener: SignalListener): void {
  const source = sources.get(signal);
  if (source?.listeners.delete(listener) !== true || source.listeners.size > 0) return;
  sources.delete(signal);
  process.off(signal, source.heard);
}

/** Gives back what a listener has not taken, that listens no more. */
export function giveBack(arrival: Arrival): void {
  const { signal, isTaken } = arrival;
  const others = sources.get(signal)?.listeners ?? [];
  if (isTaken || [...others].some((listener) => listener.keeps(arrival))) return;
  if (!hasOtherListeners(process, signal)) process.kill(process.pid, signal);
}

/** Throws for what cannot be received. */
export function checkSignal(signal: unknown): asserts signal is NodeJS.Signals {
  signalNumber(signal as string, ACTION);
  if (!isMainThread) throw new NoSignalsError();
  if (signal !== "SIGKILL" && signal !== "SIGSTOP") return;
  throw new ArgumentError(
    `Cannot ${ACTION} the signal '${signal}': the system does not let any process do that.\n` +
      "'SIGTERM' asks for the end, and 'SIGTSTP' for a stop.",
  );
}

function on(signal: NodeJS.Signals, listener: () => void): void {
  try {
    process.on(signal, listener);
  } catch (cause) {
    const message = `Cannot ${ACTION} the signal '${signal}': the system refuses.`;
    throw Object.assign(new ArgumentError(message), { cause });
  }
}
