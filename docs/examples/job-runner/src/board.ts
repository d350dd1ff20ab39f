// What is known of each job, and what is told as it goes. A job takes this course; what it is not in the state for is left out:
//
//   waiting ── start ──▶ running ── succeed ──▶ ok
//      │ │                │ ▲  └─── fail ─────▶ failed
//      │ │                └─┘ retry
//      │ └────── skip, as one that it needs has failed ──▶ skipped
//      └──────── cancel, also while it runs ─────────────▶ cancelled
//
// It is there after a cancellation, too, so that the summary can be told in any case.
import { currentTime } from "trestle";
import type { Attempt } from "./attempt.js";
import type { Job } from "./job.js";

export type State = "waiting" | "running" | "ok" | "failed" | "skipped" | "cancelled";

/** How a job stands. */
export interface Entry {
  readonly name: string;
  state: State;
  /** How many times it was begun. */
  tries: number;
  /** What is to be told of it. */
  note: string;
  /** How long all tries together have taken, in milliseconds. */
  ms: number;
}

/** More of what a process has written is not told. */
const MOST_LINES = 10;

export class Board {
  readonly jobs: readonly Job[];
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #begun = new Map<string, number>();
  readonly #tell: (line: string) => void;

  /** @param tell gets a line whenever something happens */
  constructor(jobs: readonly Job[], tell: (line: string) => void) {
    this.jobs = jobs;
    this.#entries = new Map(
      jobs.map(({ name }) => [name, { name, state: "waiting", tries: 0, note: "", ms: 0 }]),
    );
    this.#tell = tell;
  }

  /** How each job stands, in their order. */
  get entries(): readonly Readonly<Entry>[] {
    return [...this.#entries.values()];
  }

  start(job: Job): void {
    const entry = this.#entryOf(job);
    entry.state = "running";
    entry.tries++;
    if (entry.tries > 1) return;
    this.#begun.set(job.name, currentTime());
    this.#tell(`start      ${job.name}`);
  }

  retry(job: Job, { note }: Attempt): void {
    this.#tell(`again      ${job.name}: ${note}`);
  }

  succeed(job: Job, note: string): void {
    this.#end(job, "ok", note);
  }

  fail(job: Job, note: string, output: string): void {
    this.#end(job, "failed", note);
    const lines = output === "" ? [] : output.split("\n").slice(-MOST_LINES);
    for (const line of lines) this.#tell(`         | ${line}`);
  }

  skip(job: Job, note: string): void {
    if (this.#entryOf(job).state === "waiting") this.#end(job, "skipped", note);
  }

  cancel(job: Job, note: string): void {
    const { state } = this.#entryOf(job);
    if (state === "waiting" || state === "running") this.#end(job, "cancelled", note);
  }

  #end(job: Job, state: State, note: string): void {
    const now = currentTime();
    const ms = now - (this.#begun.get(job.name) ?? now);
    Object.assign(this.#entryOf(job), { state, note, ms });
    this.#tell(`${state.padEnd(9)}  ${job.name}${note === "" ? "" : `: ${note}`}`);
  }

  #entryOf({ name }: Job): Entry {
    return this.#entries.get(name) as Entry;
  }
}
