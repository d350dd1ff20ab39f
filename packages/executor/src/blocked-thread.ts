// A thread that works for one that stands still. Everything that its parent hears of it, the parent must look for: answers on a
// port, the end in shared memory, and a bell that says when to look.
import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
} from "node:worker_threads";
import { platformHost, type Outcome } from "@trestle/host";
import { encodeError, type EncodedError } from "./encode-error.js";
import { Phase, Word, WORDS, type FromThread, type ThreadData, type ToThread } from "./protocol.js";
import { reviveError } from "./revive-error.js";
import { UncloneableError } from "./uncloneable-error.js";
import { workerText } from "./worker-text.js";
import type { SupervisorData } from "./worker/supervise.js";

/** How a thread has ended. */
export interface ThreadEnd {
  readonly kind: "exited";
  readonly exitCode: number;
  readonly error: unknown;
}

/** A thread with its supervisor. */
export class BlockedThread {
  readonly #supervisor: Worker;
  readonly #port: MessagePort;
  readonly #obituaries: MessagePort;
  readonly #words = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));

  constructor() {
    const work = new MessageChannel();
    const obituaries = new MessageChannel();
    this.#port = work.port1;
    this.#obituaries = obituaries.port1;
    const inner: ThreadData = {
      port: work.port2,
      words: this.#words,
      initializer: undefined,
      isDirect: true,
    };
    const data: SupervisorData = { inner, text: workerText, obituaries: obituaries.port2 };
    this.#supervisor = new Worker(workerText, {
      eval: true,
      name: "trestle-blocking",
      workerData: data,
      transferList: [work.port2, obituaries.port2],
    });
    this.#supervisor.unref();
  }

  /** Whether it can take another job. */
  get isAlive(): boolean {
    return Atomics.load(this.#words, Word.exited) === 0;
  }

  /** Whether it has begun with its job; else another thread can have that. */
  get hasBegun(): boolean {
    return Atomics.load(this.#words, Word.phase) !== Phase.sent;
  }

  /** Gives it a job. @throws UncloneableError */
  run(message: Extract<ToThread, { readonly kind: "job" }>): void {
    Atomics.store(this.#words, Word.cancelled, 0);
    Atomics.store(this.#words, Word.phase, Phase.sent);
    try {
      this.#port.postMessage(message, []);
    } catch (cause) {
      throw new UncloneableError(`the arguments of '${message.name}'`, cause);
    }
  }

  /**
   * Stands still until the thread tells something, or has ended.
   *
   * @param timeoutMs how long, in milliseconds
   * @returns undefined where nothing came in that time
   */
  next(timeoutMs: number): FromThread | ThreadEnd | undefined {
    for (const end = platformHost().now() + timeoutMs; ;) {
      // In this order: what comes after a look rings after it, and what was told before the end is heard before it.
      const bell = Atomics.load(this.#words, Word.parentBell);
      const hasEnded = !this.isAlive;
      const received = receiveMessageOnPort(this.#port)?.message as FromThread | undefined;
      if (received !== undefined) return received;
      if (hasEnded) return this.#end();
      const left = end - platformHost().now();
      if (Atomics.wait(this.#words, Word.parentBell, bell, left) === "timed-out") return undefined;
    }
  }

  answer(call: number, outcome: Outcome<unknown>): void {
    try {
      if (outcome.ok) this.#post({ kind: "answer", call, value: outcome.value });
      else this.#post({ kind: "refusal", call, error: encodeError(outcome.error) });
    } catch (cause) {
      const error = new UncloneableError("the result of a call back", cause);
      this.#post({ kind: "refusal", call, error: encodeError(error) });
    }
  }

  terminate(): void {
    this.#port.close();
    this.#obituaries.close();
    void this.#supervisor.terminate();
  }

  #post(message: ToThread): void {
    this.#port.postMessage(message, []);
    Atomics.add(this.#words, Word.threadBell, 1);
    Atomics.notify(this.#words, Word.threadBell);
  }

  #end(): ThreadEnd {
    const error = receiveMessageOnPort(this.#obituaries)?.message as EncodedError | undefined;
    const exitCode = Atomics.load(this.#words, Word.exitCode);
    return { kind: "exited", exitCode, error: error && reviveError(error) };
  }
}
