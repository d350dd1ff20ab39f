// What a row of the benchmark is: one piece of work, and the same piece written for each library.
import type { Audit } from "./audit.js";

/** Those that have tasks, or something in their place. */
export type TaskLibrary = "Trestle" | "native" | "Effect" | "Effection";

export type Library = TaskLibrary | "piscina" | "tinypool" | "execa";

/** What a row counts. */
export type Unit = "ns" | "ms" | "bytes";

/** One library's way of doing the work of a row. */
export interface Contender {
  readonly library: Library;
  /** What is called, as the table shows it. Within a row it tells the contenders apart. */
  readonly code: string;
  /**
   * Does the work `count` times, and tells what it took as a whole, in the unit of the row. It throws where the work did
   * not come to what it should: a time for a wrong result is worth nothing.
   */
  measure(count: number): Promise<number>;
  /** How many times one sample does the work, where that is not the row's `count`. */
  readonly count?: number;
  /** Runs the same kind of work once more with counters in it, outside of the measurement. */
  audit?(): Promise<Audit>;
}

export interface Row {
  /** What the command line calls it. */
  readonly name: string;
  /** What is measured, for the head of its table. */
  readonly title: string;
  readonly unit: Unit;
  /** What one `count` is: "checkpoint", "task". */
  readonly per: string;
  /** How many times one sample does the work. Where it is "calibrated", as often as fills a sample. */
  readonly count: number | "calibrated";
  /** A calibrated count is a multiple of this. */
  readonly step?: number;
  /** The most rounds that are worth their time. */
  readonly mostRounds?: number;
  readonly contenders: readonly Contender[];
  /** What a reader should know before comparing, a sentence each. */
  readonly notes?: readonly string[];
}
