// What a loop wants of executors. The package @trestle/executor has them; anything else of this shape will do.
import type { Host, Wait } from "@trestle/host";

/**
 * Work for an executor: a function, where it runs in this very thread, or what stands for one in another thread or on another
 * machine, such as a reference into a module. What an executor takes is its own matter.
 */
export type ExecutorWork<A extends unknown[], T> =
  | ((...args: A) => T | PromiseLike<T>)
  | { readonly signature?: (...args: A) => T | PromiseLike<T> };

/** How an executor ends. */
export interface ExecutorShutdown {
  /** Whether the wait lasts until all jobs have ended. */
  readonly wait: boolean;
  /** Whether jobs that have not started are cancelled. */
  readonly cancelFutures: boolean;
}

/** Something that an executor has under way. */
export interface ExecutorPending<T> {
  /** The wait for its end. */
  readonly wait: Wait<T>;
}

/** Runs jobs somewhere: on a pool of threads, in this thread, on other machines. */
export interface LoopExecutor {
  /** A job, which starts as soon as there is room. How it takes a cancellation, by the abort of its wait, is the executor's matter. */
  submit<A extends unknown[], T>(work: ExecutorWork<A, T>, args: A): ExecutorPending<T>;
  /** Takes nothing new from now on. */
  shutdown(options: ExecutorShutdown): ExecutorPending<void>;
}

/** How a call blocks its thread. */
export interface BlockingOptions {
  /** How long it may take, in milliseconds; as long as it takes unless given. */
  readonly timeoutMs?: number | undefined;
}

/** What is plugged into a loop: it opens the loop's default executor when that is first used. The loop shuts it down. */
export interface ExecutorLayer {
  openDefaultExecutor(host: Host): LoopExecutor;
  /**
   * Runs work in another thread, and blocks this one until it has ended: nothing else of this thread runs meanwhile. Absent
   * where the layer cannot.
   *
   * @returns what the work returns, or what its promise resolves with
   * @throws what the work throws
   */
  runUntilComplete?<A extends unknown[], T>(
    work: ExecutorWork<A, T>,
    args: A,
    options?: BlockingOptions,
  ): T;
}
