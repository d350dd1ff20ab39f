// What a job is. How its work is done is in `perform.ts`.

/** What is to be done: by a child process, or in a thread. */
export type Work =
  /** A program, then its arguments. */
  | { readonly kind: "command"; readonly command: readonly string[] }
  /** Counts the primes up to a limit. */
  | { readonly kind: "primes"; readonly limit: number }
  /** Hashes a file. */
  | { readonly kind: "hash"; readonly file: string }
  /** Compresses a file into another one. */
  | { readonly kind: "compress"; readonly file: string; readonly into: string };

/** When it is to be done, and how often. Times are in milliseconds. */
interface Conditions {
  readonly name: string;
  /** The names of the jobs that must be done before. */
  readonly needs: readonly string[];
  /** How long one try may take; Infinity is no limit. */
  readonly timeout: number;
  /** How many times it is tried again. */
  readonly retries: number;
  /** How long it has for its end, once it was asked to end and before it is made to. */
  readonly grace: number;
}

export type Job = Conditions & Work;
