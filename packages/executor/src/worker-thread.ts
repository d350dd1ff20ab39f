import { MessageChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { Worker, type TransferListItem, type WorkerOptions } from "node:worker_threads";
import { describe, platformHost, type Outcome } from "@trestle/host";
import { encodeError } from "./encode-error.js";
import { Phase, Word, WORDS, type FromThread, type ThreadData, type ToThread } from "./protocol.js";
import type { PoolThread, ThreadEvents } from "./pool-thread.js";
import type { ThreadJob } from "./thread-job.js";
import { UncloneableError } from "./uncloneable-error.js";
import { workerText } from "./worker-text.js";

/** How a thread is started. */
export interface ThreadOptions {
  readonly initializer: ThreadData["initializer"];
  readonly workerOptions: WorkerOptions;
  /** Starts a file of the program's own, which calls `expose`. */
  readonly openWorker: ((options: WorkerOptions) => Worker) | undefined;
}

/** A thread, as its pool sees it. It keeps the process alive while it has a job. */
export class WorkerThread implements PoolThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #words = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  readonly #events: ThreadEvents;
  #error: unknown;
  #isInTerminate = false;
  job: ThreadJob | undefined;
  isReady = false;
  isRetiring = false;
  isTerminated = false;
  failure: { readonly error: unknown } | undefined;
  idleSince = 0;

  /** @throws what the platform says where it makes no thread */
  constructor(options: ThreadOptions, events: ThreadEvents) {
    this.#events = events;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const { initializer, workerOptions, openWorker } = options;
    const data: ThreadData = { port: port2, words: this.#words, initializer };
    const all = { ...workerOptions, workerData: data, transferList: [port2] };
    try {
      this.#worker = openWorker?.(all) ?? new Worker(workerText, { ...all, eval: true });
    } catch (error) {
      port1.close();
      throw error;
    }
    port1.on("message", (message: FromThread) => events.took(this, message));
    port1.unref();
    this.#worker.on("error", (error) => (this.#error = error));
    this.#worker.on("exit", (exitCode) => {
      // Deno tells of it within the call that ends the thread. Whoever makes that call, to cancel a job, is not to hear meanwhile that it has ended.
      if (this.#isInTerminate) platformHost().soon(() => this.#exit(exitCode));
      else this.#exit(exitCode);
    });
    this.#worker.unref();
  }

  get hasBegun(): boolean {
    return Atomics.load(this.#words, Word.phase) !== Phase.sent;
  }

  run(job: ThreadJob): void {
    const { work, args, options, number: id } = job;
    Atomics.store(this.#words, Word.cancelled, 0);
    Atomics.store(this.#words, Word.phase, Phase.sent);
    const message: ToThread = { kind: "job", id, module: work.module, name: work.name, args };
    this.#post(message, options.transfer);
    this.job = job;
    job.thread = this;
    this.#worker.ref();
  }

  leaveJob(): void {
    if (this.job !== undefined) this.job.thread = undefined;
    this.job = undefined;
    Atomics.store(this.#words, Word.phase, Phase.idle);
    this.#worker.unref();
  }

  takeBack(): boolean {
    const before = Atomics.compareExchange(this.#words, Word.phase, Phase.sent, Phase.takenBack);
    return before === Phase.sent;
  }

  markCancelled(): void {
    Atomics.store(this.#words, Word.cancelled, 1);
  }

  tellCancelled(id: number, reason: unknown): void {
    try {
      this.#post({ kind: "cancel", id, reason });
    } catch {
      this.#post({ kind: "cancel", id, reason: describe(reason) });
    }
    this.#ring();
  }

  answer(job: ThreadJob, call: number, outcome: Outcome<unknown>): void {
    if (this.job !== job) return;
    try {
      if (outcome.ok) this.#post({ kind: "answer", call, value: outcome.value });
      else this.#post({ kind: "refusal", call, error: encodeError(outcome.error) });
    } catch (cause) {
      const error = new UncloneableError("the result of a call back", cause);
      this.#post({ kind: "refusal", call, error: encodeError(error) });
    }
    this.#ring();
  }

  terminate(): void {
    if (this.isTerminated) return;
    this.isTerminated = true;
    this.isRetiring = true;
    this.#worker.ref();
    this.#isInTerminate = true;
    void this.#worker.terminate();
    this.#isInTerminate = false;
  }

  #post(message: ToThread, transfer?: readonly TransferListItem[]): void {
    this.#port.postMessage(message, transfer as TransferListItem[] | undefined);
  }

  #ring(): void {
    Atomics.add(this.#words, Word.threadBell, 1);
    Atomics.notify(this.#words, Word.threadBell);
  }

  #exit(exitCode: number): void {
    this.isRetiring = true;
    // What it has sent before its end counts.
    for (
      let received = receiveMessageOnPort(this.#port);
      received !== undefined;
      received = receiveMessageOnPort(this.#port)
    )
      this.#events.took(this, received.message as FromThread);
    this.#port.close();
    this.#events.exited(this, exitCode, this.#error);
  }
}
