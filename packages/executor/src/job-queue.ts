import type { ThreadJob } from "./thread-job.js";

/** Jobs in the order of their submission; those that are put back come first. */
export class JobQueue {
  readonly #jobs = new Set<ThreadJob>();
  #again: ThreadJob[] = [];

  get size(): number {
    return this.#jobs.size + this.#again.length;
  }

  add(job: ThreadJob): void {
    this.#jobs.add(job);
  }

  /** Puts back a job that was taken and has not begun. */
  putBack(job: ThreadJob): void {
    this.#again.push(job);
  }

  take(): ThreadJob | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    for (const job of this.#jobs) {
      this.#jobs.delete(job);
      return job;
    }
    return undefined;
  }

  /** Takes out one of them; says whether it was there. */
  remove(job: ThreadJob): boolean {
    if (this.#jobs.delete(job)) return true;
    const at = this.#again.indexOf(job);
    if (at >= 0) void this.#again.splice(at, 1);
    return at >= 0;
  }

  takeAll(): ThreadJob[] {
    const all = this.#again;
    for (const job of this.#jobs) all.push(job);
    this.#again = [];
    this.#jobs.clear();
    return all;
  }
}
