// News of jobs: as events of the queue, and, because an event can be missed while Redis is away, by looking up every so often
// each job that has not ended.
import type { Host, Timer } from "@trestle/host";
import { QueueEvents, type Job as QueuedJob, type Queue } from "bullmq";
import type { BullJob } from "./bull-job.js";
import type { ConnectionErrors } from "./connection-errors.js";
import { JobLostError } from "./job-lost-error.js";
import { isFailureMessage, type ResultMessage } from "./message.js";
import { decodePayload, decodeThrown } from "./payload.js";
import type { QueuePlace } from "./queue-options.js";
import type { RedisCommands } from "./redis-commands.js";

/** How many jobs are looked up at the same time. */
const CHUNK = 100;

/** Follows the jobs of one submitter. */
export class JobNews {
  readonly #queue: Queue;
  readonly #place: QueuePlace;
  readonly #commands: RedisCommands;
  readonly #errors: ConnectionErrors;
  readonly #host: Host;
  readonly #lookMs: number;
  readonly #jobs = new Map<string, BullJob<unknown>>();
  #events: QueueEvents | undefined;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(
    queue: Queue,
    place: QueuePlace,
    commands: RedisCommands,
    errors: ConnectionErrors,
    { host, lookMs }: { readonly host: Host; readonly lookMs: number },
  ) {
    this.#queue = queue;
    this.#place = place;
    this.#commands = commands;
    this.#errors = errors;
    this.#host = host;
    this.#lookMs = lookMs;
  }

  /** Listens from now on: what happens to a job that is queued when this has ended is heard. */
  async open(): Promise<void> {
    // The numbers of events are times of Redis. Without one the stream begins whenever its first reading gets there.
    const milliseconds = await this.#commands.time();
    const { queue, prefix, connection } = this.#place;
    if (this.#isClosed) return;
    const events = new QueueEvents(queue, {
      connection,
      prefix,
      lastEventId: `${milliseconds}-0`,
    });
    this.#events = events;
    this.#errors.hear(events);
    events.on("active", ({ jobId }) => this.#jobs.get(jobId)?.moved("running"));
    events.on("waiting", ({ jobId }) => this.#jobs.get(jobId)?.moved("queued"));
    events.on("delayed", ({ jobId }) => this.#jobs.get(jobId)?.moved("queued"));
    events.on("completed", ({ jobId, returnvalue }) => {
      const job = this.#jobs.get(jobId);
      if (job !== undefined) succeed(job, returnvalue);
    });
    events.on("failed", ({ jobId }) => this.#lookUpSoon(jobId));
    events.on("removed", ({ jobId }) => this.#lookUpSoon(jobId));
    this.#setTimer();
  }

  follow(job: BullJob<unknown>): void {
    this.#jobs.set(job.id, job);
  }

  /** Whether a job of that identifier is followed already. */
  follows(id: string): boolean {
    return this.#jobs.has(id);
  }

  forget(id: string): void {
    this.#jobs.delete(id);
  }

  jobs(): BullJob<unknown>[] {
    return [...this.#jobs.values()];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#events?.close();
  }

  /** Looks up how a job stands in the queue, and tells it. */
  async lookUp(job: BullJob<unknown>): Promise<void> {
    // In this order: an end that is seen has been written down whole.
    const state = await this.#queue.getJobState(job.id);
    const queued = (await this.#queue.getJob(job.id)) as QueuedJob | undefined;
    if (job.isDone()) return;
    if (queued === undefined || state === "unknown") {
      job.failed(
        new JobLostError(job.name, "it was removed from the queue, by somebody else or by its age"),
      );
    } else if (state === "completed") {
      succeed(job, queued.returnvalue);
    } else if (state === "failed") {
      job.failed(errorOf(queued, job.name));
    } else {
      job.moved(state === "active" ? "running" : "queued");
    }
  }

  #lookUpSoon(id: string): void {
    const job = this.#jobs.get(id);
    // Where Redis does not answer, the next look will tell.
    if (job?.isAccepted === true) void this.lookUp(job).catch(() => {});
  }

  #setTimer(): void {
    if (this.#isClosed) return;
    this.#timer = this.#host.at(this.#host.now() + this.#lookMs, () => {
      void this.#lookAtAll().then(() => this.#setTimer());
    });
  }

  async #lookAtAll(): Promise<void> {
    const jobs = this.jobs().filter(({ isAccepted }) => isAccepted);
    for (let start = 0; start < jobs.length && !this.#isClosed; start += CHUNK) {
      const chunk = jobs.slice(start, start + CHUNK);
      await Promise.allSettled(chunk.map((job) => this.lookUp(job)));
    }
  }
}

function succeed(job: BullJob<unknown>, returned: unknown): void {
  try {
    const { value } = (returned ?? {}) as Partial<ResultMessage>;
    job.succeeded(decodePayload(value, `the result of the job '${job.name}'`));
  } catch (error) {
    job.failed(error);
  }
}

function errorOf(queued: QueuedJob, name: string): unknown {
  const { progress, failedReason } = queued;
  // Where a later attempt could not be reported, because its worker died, this is what an earlier one had written.
  if (isFailureMessage(progress) && progress.reason === failedReason) {
    try {
      return decodeThrown(progress.error);
    } catch (error) {
      return error;
    }
  }
  return new JobLostError(name, `BullMQ gave it up: ${failedReason}`);
}
