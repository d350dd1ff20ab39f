import type { Outcome } from "@trestle/host";
import type { FromThread } from "./protocol.js";
import type { ThreadJob } from "./thread-job.js";

/** A thread, as its pool sees it: takes one job at a time, and tells the pool what becomes of it. */
export interface PoolThread {
  readonly job: ThreadJob | undefined;
  /** Whether its initializer has run. */
  isReady: boolean;
  /** Whether it takes no more jobs: it ends after the one that it has. */
  isRetiring: boolean;
  /** Whether its pool has ended it. */
  readonly isTerminated: boolean;
  /** What its job fails with when it has ended. */
  failure: { readonly error: unknown } | undefined;
  /** When it has become idle. */
  idleSince: number;
  /** Whether the job has begun; else it can be given to another thread. */
  readonly hasBegun: boolean;
  /** Gives the thread a job. @throws what the platform says where the arguments cannot be copied */
  run(job: ThreadJob): void;
  /** Its job has ended. */
  leaveJob(): void;
  /** Takes the job back, where it has not begun; says whether that was so. */
  takeBack(): boolean;
  /** Lets the job find out that it was cancelled, where it asks. */
  markCancelled(): void;
  /** Tells the job that it was cancelled. */
  tellCancelled(id: number, reason: unknown): void;
  /** Answers a call of the job; to one that has ended nothing goes. */
  answer(job: ThreadJob, call: number, outcome: Outcome<unknown>): void;
  /** Ends it, whatever it does; native code runs to its end first. */
  terminate(): void;
}

/** What a pool hears of its threads. */
export interface ThreadEvents {
  took(thread: PoolThread, message: FromThread): void;
  /** All messages were taken before. */
  exited(thread: PoolThread, exitCode: number, error: unknown): void;
}
