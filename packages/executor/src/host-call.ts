import type { Outcome } from "@trestle/host";

/** What a job may call back, by its names. */
export type HostFunctions = Readonly<Record<string, (...args: never[]) => unknown>>;

/** A call of a job back into the thread that submitted it. */
export interface HostCall {
  /** Which function is called. */
  readonly name: string;
  /** Copies of the arguments. */
  readonly args: readonly unknown[];
  /** Whether the job's thread stands still until the answer comes. */
  readonly isBlocking: boolean;
  /** Answers, once; later answers, and those to a job that has ended, are dropped. */
  answer(outcome: Outcome<unknown>): void;
}
