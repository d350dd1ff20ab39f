import type { ThreadJob } from "./thread-job.js";

/** Jobs in the order of their submission. */
export class JobQueue {
  readonly #jobs = new Set<ThreadJob>();

  get size(): number {
    return this.#jobs.size;
  }

  add(job: ThreadJob): void {
    this.#jobs.add(job);
  }

  take(): ThreadJob | undefined {
    for (const job of this.#jobs) {
      this.#jobs.delete(job);
      return job;
    }
    return undefined;
  }

  /** Takes out one of them, where it is there. */
  remove(job: ThreadJob): void {
    this.#jobs.delete(job);
  }

  takeAll(): ThreadJob[] {
    const all = [...this.#jobs];
    this.#jobs.clear();
    return all;
  }
}
