// How a row is measured. The machine is never quiet, and its noise comes in stretches: so the contenders take turns, A B C
// A B C, each turn a sample of some milliseconds, and a stretch of noise hits all of them. A sample
// is long enough to pay for its own garbage.
import type { Audit } from "./audit.js";
import type { Contender, Row } from "./row.js";
import { summarize, type Summary } from "./statistics.js";
import { waitingTimers } from "./waiting-timers.js";
import { worstLagDuring } from "./worst-lag.js";

/** What a contender came to. */
export interface Result extends Summary {
  readonly contender: Contender;
  /** How many times each sample did the work. */
  readonly count: number;
  /** What each sample took for one time, in the unit of the row. */
  readonly samples: readonly number[];
  /**
   * The one to compare by. A time is its minimum, for noise only adds to it; a heap is larger or smaller by chance, and of
   * a lag the usual one counts, so these are medians.
   */
  readonly figure: number;
  readonly audit: Audit;
}

/** What a row came to: its contenders in their order. */
export interface RowResult {
  readonly row: Row;
  readonly results: readonly Result[];
}

export interface Measuring {
  /** How many samples each contender gives. */
  readonly rounds: number;
  /** Called before each sample, so that it pays less for the garbage of another. */
  readonly collectGarbage: () => void;
  readonly progress?: (round: number, rounds: number) => void;
}

/** A calibrated sample takes about this long: 20 ms. */
const SAMPLE_NS = 20e6;
/** The lag is looked at during so many samples at once: 200 ms. */
const SAMPLES_OF_LAG = 10;
/** A calibrated contender is run for so long before its first sample: 300 ms. */
const WARM_UP_NS = 300e6;

/** Measures all contenders of a row, in turn, after each has been warmed up; then audits those that can be. */
export async function measureRow(
  row: Row,
  { rounds, collectGarbage, progress }: Measuring,
): Promise<RowResult> {
  const lanes: Lane[] = [];
  for (const contender of row.contenders) {
    lanes.push({ contender, count: await warmUp(row, contender), samples: [], timers: 0 });
  }
  const most = Math.min(rounds, row.mostRounds ?? rounds);
  // The first round is a warm-up too, of each contender after the others.
  for (let round = 0; round <= most; round++) {
    if (round > 0) progress?.(round, most);
    for (const lane of lanes) {
      const before = await waitingTimers();
      collectGarbage();
      const total = await lane.contender.measure(lane.count);
      if (round > 0) lane.samples.push(total / lane.count);
      lane.timers = Math.max(lane.timers, (await waitingTimers()) - before);
    }
  }
  const results: Result[] = [];
  for (const { contender, count, samples, timers } of lanes) {
    const lag = await lagOf(row, contender, count);
    const audit = { ...(await contender.audit?.()), timers, ...(lag === undefined ? {} : { lag }) };
    const summary = summarize(samples);
    const figure = row.unit === "ns" ? summary.minimum : summary.median;
    results.push({ contender, count, samples, ...summary, figure, audit });
  }
  return { row, results };
}

interface Lane {
  readonly contender: Contender;
  readonly count: number;
  readonly samples: number[];
  /** The most timers that a sample left behind. */
  timers: number;
}

/** Where the work can go on for as long as one likes, it is made to go on until a starved timer shows. */
async function lagOf(row: Row, contender: Contender, count: number): Promise<number | undefined> {
  if (row.count !== "calibrated" || contender.count !== undefined) return undefined;
  return worstLagDuring(() => contender.measure(count * SAMPLES_OF_LAG));
}

/**
 * Runs the contender until V8 has seen enough of it, and gives the count that makes a sample long enough: doubling it first,
 * then corrected by what the last run took.
 */
async function warmUp(row: Row, contender: Contender): Promise<number> {
  if (contender.count !== undefined) return contender.count;
  if (row.count !== "calibrated") return row.count;
  const step = row.step ?? 1;
  let count = step;
  for (let spent = 0; ;) {
    const total = await contender.measure(count);
    spent += total;
    if (spent >= WARM_UP_NS)
      return Math.max(step, Math.ceil((count * SAMPLE_NS) / total / step) * step);
    if (total < SAMPLE_NS) count *= 2;
  }
}
