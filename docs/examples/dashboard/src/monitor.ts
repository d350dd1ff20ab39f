// What is known of one address: its last answers.

/** How one request went: what was answered, or that nothing was, and after how many milliseconds. */
export interface Sample {
  readonly ms: number;
  /** "200", "timeout", "ECONNREFUSED". */
  readonly answer: string;
  readonly isGood: boolean;
}

const MOST_SAMPLES = 200;

export class Monitor {
  readonly url: string;
  readonly #samples: Sample[] = [];

  constructor(url: string) {
    this.url = url;
  }

  add(sample: Sample): void {
    this.#samples.push(sample);
    if (this.#samples.length > MOST_SAMPLES) this.#samples.shift();
  }

  /** From the oldest that is kept to the last. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get last(): Sample | undefined {
    return this.#samples.at(-1);
  }

  /** The time that so many of a hundred answers stay below; undefined where there was no good answer. */
  percentile(percent: number): number | undefined {
    const times = this.#samples.filter((sample) => sample.isGood).map(({ ms }) => ms);
    return times.toSorted((a, b) => a - b)[Math.ceil((times.length * percent) / 100) - 1];
  }
}
