import { housekeepingTimer, platformHost, type Release } from "@trestle/host";
import type { PoolThread } from "./pool-thread.js";

/** The threads that have nothing to do. The latest is the first to be used again, and those that nobody needs any more end. */
export class IdleThreads {
  readonly #timeoutMs: number;
  readonly #threads: PoolThread[] = [];
  #withdraw: Release | undefined;

  /** @param timeoutMs how long a thread waits for work */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get size(): number {
    return this.#threads.length;
  }

  add(thread: PoolThread): void {
    thread.idleSince = platformHost().now();
    this.#threads.push(thread);
    if (this.#withdraw === undefined) this.#arm(this.#timeoutMs);
  }

  take(): PoolThread | undefined {
    return this.#threads.pop();
  }

  /** Takes out one of them; says whether it was there. */
  remove(thread: PoolThread): boolean {
    const at = this.#threads.indexOf(thread);
    if (at >= 0) this.#threads.splice(at, 1);
    return at >= 0;
  }

  /** Ends them all. */
  terminate(): void {
    this.#withdraw?.();
    this.#withdraw = undefined;
    for (const thread of this.#threads.splice(0)) thread.terminate();
  }

  // The oldest is the first in the list. One timer serves all, and is not moved at each job.
  #arm(ms: number): void {
    if (this.#timeoutMs === Number.POSITIVE_INFINITY) return;
    this.#withdraw = housekeepingTimer(Math.min(Math.ceil(ms), LONGEST_MS), () => {
      this.#withdraw = undefined;
      const now = platformHost().now();
      const fresh = this.#threads.findIndex(({ idleSince }) => idleSince + this.#timeoutMs > now);
      const old = this.#threads.splice(0, fresh < 0 ? this.#threads.length : fresh);
      for (const thread of old) thread.terminate();
      const oldest = this.#threads[0];
      if (oldest !== undefined) this.#arm(oldest.idleSince + this.#timeoutMs - now);
    });
  }
}

const LONGEST_MS = 2 ** 31 - 1;
