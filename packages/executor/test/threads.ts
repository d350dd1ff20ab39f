// A thread in the hand of a test, in place of those of the platform.
import type { Outcome } from "@trestle/host";
import type { PoolThread, ThreadEvents } from "../src/pool-thread.js";
import type { FromThread } from "../src/protocol.js";
import type { ThreadJob } from "../src/thread-job.js";

export class FakeThread implements PoolThread {
  readonly log: string[] = [];
  readonly #events: ThreadEvents;
  job: ThreadJob | undefined;
  isReady = true;
  isRetiring = false;
  isTerminated = false;
  failure: { readonly error: unknown } | undefined;
  idleSince = 0;
  hasBegun = false;

  constructor(events: ThreadEvents = { took: () => {}, exited: () => {} }) {
    this.#events = events;
  }

  run(job: ThreadJob): void {
    if (job.args.includes("uncloneable")) throw new Error("not to be copied");
    this.job = job;
    this.hasBegun = false;
    job.thread = this;
    this.log.push(`run ${job.name}`);
  }

  leaveJob(): void {
    if (this.job !== undefined) this.job.thread = undefined;
    this.job = undefined;
  }

  takeBack(): boolean {
    return !this.hasBegun;
  }

  markCancelled(): void {
    this.log.push("mark");
  }

  tellCancelled(id: number, reason: unknown): void {
    this.log.push(`tell ${id} ${String(reason)}`);
  }

  answer(_job: ThreadJob, call: number, outcome: Outcome<unknown>): void {
    this.log.push(`answer ${call} ${outcome.ok ? String(outcome.value) : String(outcome.error)}`);
  }

  terminate(): void {
    if (this.isTerminated) return;
    this.isTerminated = true;
    this.isRetiring = true;
    this.log.push("terminate");
  }

  /** Begins its job. */
  begin(): this {
    this.hasBegun = true;
    return this;
  }

  tell(message: FromThread): void {
    this.#events.took(this, message);
  }

  done(value?: unknown): void {
    this.hasBegun = true;
    this.tell({ kind: "done", id: this.job?.number ?? 0, value });
  }

  exit(exitCode = 0, error?: unknown): void {
    this.isRetiring = true;
    this.#events.exited(this, exitCode, error);
  }
}
