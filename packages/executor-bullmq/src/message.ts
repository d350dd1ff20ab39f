// What stands in Redis, of each job. Callers and workers may be of different versions: a field that is added must be optional.
import type { OnCancel } from "@trestle/executor";

/** The data of a job. */
export interface JobMessage {
  /** The name of the module in the tables of both sides. */
  readonly module: string;
  /** The name of the export. */
  readonly name: string;
  /** The list of arguments, encoded. */
  readonly args: string;
  readonly onCancel: OnCancel;
}

/** The return value of a job that came to one. */
export interface ResultMessage {
  readonly value: string;
}

/** The progress of a job that failed: BullMQ itself keeps no more of an error than its message. */
export interface FailureMessage {
  /** The error's message, which BullMQ keeps too: it tells whether the job failed because of this error. */
  readonly reason: string;
  /** The error, encoded. */
  readonly error: string;
}

/** What a caller says to the workers of a queue. */
export interface CancelMessage {
  readonly id: string;
  /** Why, in words. */
  readonly reason?: string | undefined;
}

/** The channel on which callers say it. */
export function cancelChannel(prefix: string, queue: string): string {
  return `${prefix}:${queue}:trestle:cancel`;
}

export function isFailureMessage(progress: unknown): progress is FailureMessage {
  const { reason, error } = (progress ?? {}) as Partial<FailureMessage>;
  return typeof reason === "string" && typeof error === "string";
}
