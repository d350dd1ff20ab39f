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

/** Runs jobs somewhere: on a pool of threads, in this thread, on other machines. */
export interface LoopExecutor {
  /** A job, which starts when the wait is armed, or as soon as there is room. How it takes a cancellation is the executor's matter. */
  submit<A extends unknown[], T>(work: ExecutorWork<A, T>, args: A): Wait<T>;
  /** Takes nothing new from when the wait is armed. */
  shutdown(options: ExecutorShutdown): Wait<void>;
}

/** What is plugged into a loop: it opens the loop's default executor when that is first used. The loop shuts it down. */
export interface ExecutorLayer {
  openDefaultExecutor(host: Host): LoopExecutor;
}
