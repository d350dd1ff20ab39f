// The calls of a thread into its parent that have no answer yet.
import { reviveError } from "../revive-error.js";
import type { ToThread } from "../protocol.js";

/** Takes an answer: a value, or an error. */
export interface Asker {
  answer(value: unknown): void;
  refuse(error: unknown): void;
}

/** Who asked, by the number of the call. */
export class HostCalls {
  readonly #askers = new Map<number, Asker>();
  #next = 0;

  /** @returns the number of the call */
  add(asker: Asker): number {
    const call = this.#next++;
    this.#askers.set(call, asker);
    return call;
  }

  forget(call: number): void {
    this.#askers.delete(call);
  }

  /** Gives an answer to who asked; nobody may wait for it any more. */
  take(message: Extract<ToThread, { readonly call: number }>): void {
    const asker = this.#askers.get(message.call);
    this.#askers.delete(message.call);
    if (message.kind === "answer") asker?.answer(message.value);
    else asker?.refuse(reviveError(message.error));
  }

  /** Refuses all: the job was cancelled. */
  refuseAll(error: unknown): void {
    const askers = [...this.#askers.values()];
    this.#askers.clear();
    for (const asker of askers) asker.refuse(error);
  }
}
