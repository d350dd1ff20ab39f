// Debug mode's watch over the time that steps take, with the microtasks that they set off: while one lasts nothing else of the
// loop can run. The turn that ends a step comes after the platform's I/O where that had waited for long, which then counts too.
import type { Host } from "@trestle/host";
import type { Ready } from "./ready.js";
import { warn } from "./warn.js";

/** Reports steps that take too long. */
export class StepWatch {
  /** From how many milliseconds on. */
  limit = 100;
  readonly #host: Host;
  #step: Ready | undefined;
  #since = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A step begins. */
  begins(step: Ready): void {
    this.ended();
    this.#step = step;
    this.#since = this.#host.now();
  }

  /** The step is over, if there was one. */
  ended(): void {
    const step = this.#step;
    this.#step = undefined;
    if (step === undefined) return;
    const ms = this.#host.now() - this.#since;
    if (ms < this.limit) return;
    warn(
      "TRESTLE_SLOW_CALLBACK",
      `Cannot run anything else of the event loop for ${Math.round(ms)} ms: ${step.describe?.() ?? "one of its own steps"} took so long.\n` +
        "Await 'sleep(0)' in between, or give the work to an executor; 'slowCallbackDuration' says what counts as slow.",
    );
  }
}
