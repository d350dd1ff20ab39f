import {
  BusyResourceError,
  cancelShieldedCheckpoint,
  checkpointIfCancelled,
  ClosedResourceError,
  type Operation,
} from "@trestle/structured";
import { callStructured, requireStructured, suspend } from "@trestle/structured/lowlevel";
import { SignalInbox } from "../signals/signal-inbox.js";

const ACTION = "receive a signal";

/**
 * Receives signals. `openSignalReceiver` gives it.
 *
 * Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import { openSignalReceiver, type SignalReceiver } from "@trestle/io/structured";
 * import { run } from "@trestle/structured";
 *
 * await run(() =>
 *   openSignalReceiver(["SIGHUP"], function* (signals: SignalReceiver) {
 *     process.kill(process.pid, "SIGHUP");
 *     console.log(yield* signals.receive());
 *   }),
 * );
 * ```
 */
export class SignalReceiver {
  readonly #inbox: SignalInbox;
  #isBusy = false;
  #isClosed = false;

  /** @internal */
  constructor(inbox: SignalInbox) {
    this.#inbox = inbox;
  }

  /**
   * Waits for the next signal, and gives its name. One that has come several times meanwhile is given once; different ones in the
   * order in which they came. Cancelled, it has taken none.
   *
   * @throws BusyResourceError where another task receives; ClosedResourceError where the block has ended
   */
  *receive(): Operation<NodeJS.Signals> {
    if (this.#isClosed) throw new ClosedResourceError(ACTION);
    if (this.#isBusy) throw new BusyResourceError(ACTION);
    this.#isBusy = true;
    try {
      yield* checkpointIfCancelled();
      const there = this.#inbox.take();
      if (there !== undefined) {
        yield* cancelShieldedCheckpoint();
        return there;
      }
      const what = [...this.#inbox.signals].join(" or ");
      for (;;) {
        yield* suspend(this.#inbox.arrival(), what);
        const signal = this.#inbox.take();
        if (signal !== undefined) return signal;
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** Runs a body for each signal, one after another, until it is cancelled. Waits for signals and bodies. */
  *each(body: (signal: NodeJS.Signals) => Operation<unknown>): Operation<never> {
    for (;;) yield* callStructured(body, [yield* this.receive()], "receive each signal");
  }

  /** @internal */
  close(): void {
    this.#isClosed = true;
    this.#inbox.close(new ClosedResourceError(ACTION));
  }
}

/**
 * Receives signals while a body runs, in place of what they do otherwise: ending the process, or cancelling the task of `main` or `run`.
 *
 * Waits for the body, and gives its value. Any number of receivers may be open for a signal, and each gets it. What they do
 * otherwise is back after the last; a signal that came and that no receiver has looked at is raised again then, so that it is
 * not lost. A wait for a signal keeps the process alive and lets a virtual clock go on. Source: Trio. Flavor: structured. Node, on
 * the main thread only.
 *
 * @param signals their names, at least one
 * @param body gets the receiver
 * @throws whatever the body throws; NoSignalsError in a worker; ArgumentError for what is no signal, and for SIGKILL and SIGSTOP,
 * both at the call
 * @example
 * ```ts
 * import { openSignalReceiver, type SignalReceiver } from "@trestle/io/structured";
 * import { moveOnAfter, run } from "@trestle/structured";
 *
 * await run(() =>
 *   openSignalReceiver(["SIGHUP", "SIGTERM"], function* (signals: SignalReceiver) {
 *     process.kill(process.pid, "SIGHUP");
 *     console.log(yield* signals.receive()); // "SIGHUP"
 *     yield* moveOnAfter(10, () => signals.receive());
 *   }),
 * );
 * ```
 */
export function openSignalReceiver<T>(
  signals: readonly NodeJS.Signals[],
  body: (receiver: SignalReceiver) => Operation<T>,
): Operation<T> {
  requireStructured(body, "receive signals");
  return receiveDuring(new SignalInbox(signals), body);
}

function* receiveDuring<T>(
  inbox: SignalInbox,
  body: (receiver: SignalReceiver) => Operation<T>,
): Operation<T> {
  const receiver = new SignalReceiver(inbox);
  try {
    inbox.open();
    return yield* callStructured(body, [receiver], "receive signals");
  } finally {
    receiver.close();
  }
}
