// A worker's thread: takes jobs from its parent, one at a time, and tells what becomes of them.
import { receiveMessageOnPort, type TransferListItem } from "node:worker_threads";
import { encodeError, type EncodedError } from "../encode-error.js";
import { isThenable } from "../is-thenable.js";
import { Phase, Word, type FromThread, type ThreadData, type ToThread } from "../protocol.js";
import { UncloneableError } from "../uncloneable-error.js";
import { currentJob, runAs } from "./job-side.js";
import { RunningJob, type Line } from "./running-job.js";
import { transferListOf } from "./transfer.js";
import { WorkCache } from "./work-cache.js";

type JobMessage = Extract<ToThread, { readonly kind: "job" }>;

/** A worker's side of its thread. */
export class ThreadSide implements Line {
  readonly words: Int32Array;
  readonly #data: ThreadData;
  readonly #work = new WorkCache();
  #job: RunningJob | undefined;

  constructor(data: ThreadData) {
    this.#data = data;
    this.words = data.words;
  }

  /** Runs the initializer, and takes jobs from then on. */
  async start(): Promise<void> {
    process.on("uncaughtException", (error) => this.#takeUncaught(error));
    // Bun ends the thread for a rejection that only the other listener would hear of.
    if ("bun" in process.versions)
      process.on("unhandledRejection", (error) => this.#takeUncaught(error));
    try {
      await this.#initialize();
    } catch (error) {
      this.#sendError(error, (encoded) => ({ kind: "broken", error: encoded }));
      return;
    }
    this.send({ kind: "ready" });
    this.#data.port.on("message", (message: ToThread) => this.#take(message));
  }

  send(message: FromThread, transfer?: readonly TransferListItem[]): void {
    this.#data.port.postMessage(message, transfer as TransferListItem[] | undefined);
    if (this.#data.isDirect !== true) return;
    Atomics.add(this.words, Word.parentBell, 1);
    Atomics.notify(this.words, Word.parentBell);
  }

  drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#data.port);
      if (received === undefined) return;
      this.#take(received.message as ToThread);
    }
  }

  async #initialize(): Promise<void> {
    const { initializer } = this.#data;
    if (initializer === undefined) return;
    const initialize = await this.#work.load(initializer.module, initializer.name);
    await initialize(...initializer.args);
  }

  #take(message: ToThread): void {
    switch (message.kind) {
      case "job":
        this.#begin(message);
        break;
      case "cancel":
        if (this.#job?.id === message.id) this.#job.cancel(message.reason);
        break;
      case "answer":
      case "refusal":
        this.#job?.takeAnswer(message);
        break;
    }
  }

  #begin(message: JobMessage): void {
    const { id, name } = message;
    const before = Atomics.compareExchange(this.words, Word.phase, Phase.sent, Phase.begun);
    if (before !== Phase.sent) {
      this.send({ kind: "skipped", id });
      return;
    }
    const job = new RunningJob(this, id, name);
    this.#job = job;
    runAs(job, () => this.#run(job, message));
  }

  #run(job: RunningJob, { module, name, args }: JobMessage): void {
    const work = this.#work.get(module, name);
    if (work !== undefined) return this.#call(job, work, args);
    this.#work.load(module, name).then(
      (loaded) => this.#call(job, loaded, args),
      (error: unknown) => this.#fail(job, error),
    );
  }

  #call(
    job: RunningJob,
    work: (...args: readonly unknown[]) => unknown,
    args: readonly unknown[],
  ): void {
    try {
      // The import of its module may have taken a while.
      job.checkCancelled();
      const result = work(...args);
      if (isThenable(result)) {
        result.then(
          (value) => this.#finish(job, value),
          (error: unknown) => this.#fail(job, error),
        );
      } else {
        this.#finish(job, result);
      }
    } catch (error) {
      this.#fail(job, error);
    }
  }

  #finish(job: RunningJob, value: unknown): void {
    if (!job.isRunning) return;
    try {
      this.send({ kind: "done", id: job.id, value }, transferListOf(value));
    } catch (cause) {
      this.#fail(job, new UncloneableError(`the result of '${job.name}'`, cause));
      return;
    }
    this.#end(job);
  }

  #fail(job: RunningJob, error: unknown, isStray = false): void {
    if (!job.isRunning) return;
    const isCancelled = job.isCancellation(error);
    this.#end(job);
    this.#sendError(error, (encoded) => ({
      kind: "failed",
      id: job.id,
      error: encoded,
      isCancelled,
      isStray,
    }));
  }

  #end(job: RunningJob): void {
    job.isRunning = false;
    this.#job = undefined;
  }

  #takeUncaught(error: unknown): void {
    const job = currentJob() as RunningJob | undefined;
    if (job !== undefined && job.isRunning) {
      this.#fail(job, error, true);
      return;
    }
    this.#sendError(error, (encoded) => ({
      kind: "late",
      id: job?.id,
      name: job?.name,
      error: encoded,
    }));
  }

  /** An error that cannot be sent as it is goes in words. */
  #sendError(error: unknown, message: (encoded: EncodedError) => FromThread): void {
    try {
      this.send(message(encodeError(error)));
    } catch {
      this.send(message(encodeError(error, { canTravel: () => false })));
    }
  }
}
