// The signal handlers of a loop: at most one for each signal, called as a callback of the loop.
import { ArgumentError, describe, type Release } from "@trestle/host";
import type { EventLoop } from "./event-loop.js";
import { callIn, keepContext } from "./current.js";
import type { IoLayer } from "./io-layer.js";

/** The signal handlers of a loop. */
export class SignalHandlers {
  readonly #loop: EventLoop;
  readonly #releases = new Map<string, Release>();

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** Sets the handler of a signal, in place of the one that there is. */
  add(layer: IoLayer, signal: string, fn: (...args: never[]) => unknown, args: unknown[]): void {
    checkSignalName(signal, "add a handler");
    const context = keepContext();
    const call = (): void => {
      this.#loop.callSoonThreadsafe(fn, ...(args as never[]));
    };
    const release = layer.receiveSignal(signal, () => {
      if (!this.#loop.isClosed()) callIn(context, call, undefined);
    });
    this.#releases.get(signal)?.();
    this.#releases.set(signal, release);
  }

  /** Takes the handler of a signal out; gives whether there was one. */
  remove(signal: string): boolean {
    checkSignalName(signal, "remove the handler");
    const release = this.#releases.get(signal);
    release?.();
    return this.#releases.delete(signal);
  }

  removeAll(): void {
    for (const release of this.#releases.values()) release();
    this.#releases.clear();
  }
}

function checkSignalName(signal: unknown, action: string): void {
  if (typeof signal === "string" && /^SIG[A-Z\d]+$/u.test(signal)) return;
  throw new ArgumentError(
    `Cannot ${action} of the signal ${describe(signal)}: a name such as "SIGTERM" is wanted.`,
  );
}
