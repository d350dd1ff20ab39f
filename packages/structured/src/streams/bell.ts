import { success, type Outcome, type Release } from "@trestle/host";
import { requireTask } from "../ambient.js";
import type { Operation } from "../operation.js";
import { suspend } from "../suspend.js";

/**
 * What a task waits at until something outside has happened; whoever was rung looks for itself what that was. One task at a
 * time waits, and the Host is held for as long.
 */
export class Bell {
  readonly #what: string;
  #resume: ((outcome: Outcome<void>) => void) | undefined;
  #release: Release | undefined;

  /** @param what what is waited for, for reports */
  constructor(what: string) {
    this.#what = what;
  }

  /** Waits for the next ring. A cancellation ends the wait. */
  wait(): Operation<void> {
    return suspend<void>((resume) => {
      const { host } = requireTask(`wait for ${this.#what}`).runner;
      this.#release = host.hold(this.#what, { keepAlive: false });
      this.#resume = resume;
      return () => {
        this.#leave();
        return "withdrawn";
      };
    }, this.#what);
  }

  /** Wakes the task that waits, if one does. */
  readonly ring = (): void => {
    const resume = this.#resume;
    this.#leave();
    resume?.(success());
  };

  #leave(): void {
    this.#resume = undefined;
    this.#release?.();
    this.#release = undefined;
  }
}
