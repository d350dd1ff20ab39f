// Ctrl-C, and the signal by which other programs ask this one to end.
//
// The first one is an event that a task waits for, so that a person who interrupts is served like any other cancellation.
// The second one ends the process at once: whatever goes wrong in a cleanup, nobody has to reach for `kill -9`.
import { constants } from "node:os";
import { Event, type Operation } from "@trestle/structured";

/** What asks a program to end. */
export type EndSignal = "SIGINT" | "SIGTERM";

const SIGNALS: readonly EndSignal[] = ["SIGINT", "SIGTERM"];

/** Watches for signals that ask the program to end, from its making until `close`. */
export class Interrupts {
  readonly #arrived = new Event();
  #signal: EndSignal | undefined;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#receive);
  }

  /** The first signal that arrived, if one did. */
  get signal(): EndSignal | undefined {
    return this.#signal;
  }

  /** Waits for the first signal; if it arrived before, not at all. */
  wait(): Operation<void> {
    return this.#arrived.wait();
  }

  /** Gives the signals back: after this they end the process, as they do by default. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#receive);
  }

  readonly #receive = (signal: EndSignal): void => {
    if (this.#signal !== undefined) process.exit(exitCodeOf(signal));
    this.#signal = signal;
    this.#arrived.set();
  };
}

/** The exit code that shells and other programs expect of a program that was ended by a signal. */
export function exitCodeOf(signal: EndSignal): number {
  return 128 + constants.signals[signal];
}
