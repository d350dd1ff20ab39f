// How long a tick may go on before the host has its turn again.
import type { Host } from "@trestle/host";

const SHARE_MS = 0.5;
/** The clock is looked at every so many steps, a look costs as much as three quick ones; heavy steps make it fewer. */
const MOST_STEPS_TO_LOOK = 32;
const HEAVY_MS = 0.1;
/** However quick the steps are, so many looks end a tick: promises want their turn. */
const MOST_LOOKS = 16;

export class Share {
  readonly #host: Host;
  /** How many steps go by between two looks at the clock. One where they are heavy; else a tick of one step needs no look. */
  #stride = 2;
  #stepsToLook = 2;
  #looksLeft = MOST_LOOKS;
  #lastLook = NaN;
  #ends = Infinity;
  /** Whether this tick has taken its share. */
  isTaken = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A tick begins. */
  begin(): void {
    this.#stepsToLook = this.#stride;
    this.#looksLeft = MOST_LOOKS;
    this.#lastLook = NaN;
    this.isTaken = false;
  }

  countStep(): void {
    if (--this.#stepsToLook <= 0) this.#look();
  }

  #look(): void {
    const now = this.#host.now();
    const elapsed = now - this.#lastLook;
    // The first look of a tick has nothing to compare with: it begins the share.
    if (Number.isNaN(elapsed)) this.#ends = now + SHARE_MS;
    else if (elapsed > HEAVY_MS) this.#stride = Math.max(1, this.#stride >> 2);
    else if (this.#stride < MOST_STEPS_TO_LOOK) this.#stride *= 2;
    this.#lastLook = now;
    this.#stepsToLook = this.#stride;
    if (now >= this.#ends || --this.#looksLeft <= 0) this.isTaken = true;
  }
}
