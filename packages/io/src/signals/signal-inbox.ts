// What a receiver has heard and not looked at yet: each signal at most once, in the order in which they came first. Signals may
// never come, so a wait for them keeps the process alive and lets a virtual clock go on.
import {
  ArgumentError,
  describe,
  failure,
  platformHost,
  success,
  type Outcome,
  type Wait,
} from "@trestle/host";
import {
  checkSignal,
  giveBack,
  listenTo,
  unlisten,
  type Arrival,
  type SignalListener,
} from "./signal-source.js";

/** Receives signals, and keeps them. */
export class SignalInbox implements SignalListener {
  readonly signals: ReadonlySet<NodeJS.Signals>;
  readonly #pending = new Map<NodeJS.Signals, Arrival>();
  #resume: ((outcome: Outcome<void>) => void) | undefined;

  /** @throws NoSignalsError in a worker; ArgumentError for no signals, or some that cannot be received; nothing is listened to then */
  constructor(signals: readonly NodeJS.Signals[]) {
    this.signals = new Set(checkSignals(signals));
  }

  open(): void {
    for (const signal of this.signals) listenTo(signal, this);
  }

  /** Takes the signal that has waited for longest; undefined where there is none. */
  take(): NodeJS.Signals | undefined {
    const [arrival] = this.#pending.values();
    if (arrival === undefined) return undefined;
    this.#pending.delete(arrival.signal);
    arrival.isTaken = true;
    return arrival.signal;
  }

  /** Ends when there is something to take. One waits at a time. */
  arrival(): Wait<void> {
    return (resume) => {
      const release = platformHost().hold(`the signals ${[...this.signals].join(", ")}`);
      this.#resume = (outcome) => {
        this.#resume = undefined;
        release();
        resume(outcome);
      };
      if (this.#pending.size > 0) this.#resume(success());
      return () => {
        this.#resume = undefined;
        release();
        return "withdrawn";
      };
    };
  }

  /** Receives no more. Who waits fails with the error, and what was not taken is given back. */
  close(error: unknown): void {
    for (const signal of this.signals) unlisten(signal, this);
    this.#resume?.(failure(error));
    const left = [...this.#pending.values()];
    this.#pending.clear();
    for (const arrival of left) giveBack(arrival);
  }

  heard(arrival: Arrival): void {
    this.#pending.set(arrival.signal, arrival);
    this.#resume?.(success());
  }

  keeps(arrival: Arrival): boolean {
    return this.#pending.get(arrival.signal) === arrival;
  }
}

function checkSignals(signals: unknown): readonly NodeJS.Signals[] {
  if (!Array.isArray(signals) || signals.length === 0) {
    throw new ArgumentError(
      `Cannot receive the signals ${describe(signals)}: a list is wanted, and at least one.`,
    );
  }
  for (const signal of signals as readonly unknown[]) checkSignal(signal);
  return signals as readonly NodeJS.Signals[];
}
