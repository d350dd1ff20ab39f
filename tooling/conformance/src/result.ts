import type { TraceLine } from "./task-trace.js";

/** What a program came to: how it ended, and who logged what. */
export interface Result {
  /** `ok`, or `error:` and the error as printed. */
  readonly outcome: string;
  readonly trace: Readonly<Record<string, readonly TraceLine[]>>;
}
