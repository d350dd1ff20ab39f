import { JobCancelledError } from "../job-cancelled-error.js";
import { UncloneableError } from "../uncloneable-error.js";
import { Word, type FromThread, type ToThread } from "../protocol.js";
import { HostCalls } from "./host-calls.js";
import type { JobSide } from "./job-side.js";

/** How a job reaches the parent. */
export interface Line {
  readonly words: Int32Array;
  send(message: FromThread): void;
  /** Takes what the parent has sent, without a turn of the event loop. */
  drain(): void;
}

type Answer =
  | { readonly isError: false; readonly value: unknown }
  | { readonly isError: true; readonly error: unknown };

/** The job that a thread runs. */
export class RunningJob implements JobSide {
  readonly id: number;
  readonly name: string;
  isRunning = true;
  readonly #line: Line;
  readonly #calls = new HostCalls();
  #controller: AbortController | undefined;
  #cancelled: JobCancelledError | undefined;
  /** Whether the job is told, and not only found out where it asks. */
  #isTold = false;

  constructor(line: Line, id: number, name: string) {
    this.#line = line;
    this.id = id;
    this.name = name;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isTold) this.#controller.abort(this.#cancelled);
    return this.#controller.signal;
  }

  get isCancelled(): boolean {
    return this.isRunning && Atomics.load(this.#line.words, Word.cancelled) === 1;
  }

  checkCancelled(): void {
    if (this.isCancelled) throw this.#cancellation(undefined);
  }

  /** The parent tells the job that it was cancelled. */
  cancel(reason: unknown): void {
    const cancelled = this.#cancellation(reason);
    this.#isTold = true;
    this.#calls.refuseAll(cancelled);
    this.#controller?.abort(cancelled);
  }

  /** Whether an error that leaves the job is that of its cancellation. */
  isCancellation(error: unknown): boolean {
    try {
      return this.isCancelled && this.#isOwn(error);
    } catch {
      // It throws when it is looked at.
      return false;
    }
  }

  #isOwn(error: unknown): boolean {
    const { code, name, cause } = (error ?? {}) as {
      readonly code?: unknown;
      readonly name?: unknown;
      readonly cause?: unknown;
    };
    if (error === this.#cancelled || code === JobCancelledError.code) return true;
    // Many calls of the platform that take a signal fail with an AbortError of their own.
    return this.#isTold && (cause === this.#cancelled || name === "AbortError");
  }

  call(name: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#ask(name, args, false, { answer: resolve, refuse: reject });
    });
  }

  callBlocking(name: string, args: readonly unknown[]): unknown {
    const answers: Answer[] = [];
    const { words } = this.#line;
    this.#ask(name, args, true, {
      answer: (value) => void answers.push({ isError: false, value }),
      refuse: (error) => void answers.push({ isError: true, error }),
    });
    for (;;) {
      const bell = Atomics.load(words, Word.threadBell);
      this.#line.drain();
      const [given] = answers;
      if (given?.isError) throw given.error;
      if (given !== undefined) return given.value;
      if (!rangSoon(words, bell)) Atomics.wait(words, Word.threadBell, bell);
    }
  }

  takeAnswer(message: Extract<ToThread, { readonly call: number }>): void {
    this.#calls.take(message);
  }

  #ask(
    name: string,
    args: readonly unknown[],
    isBlocking: boolean,
    asker: Parameters<HostCalls["add"]>[0],
  ): void {
    if (this.#isTold) throw this.#cancellation(undefined);
    const call = this.#calls.add(asker);
    try {
      this.#line.send({ kind: "call", id: this.id, call, name, args, isBlocking });
    } catch (cause) {
      this.#calls.forget(call);
      throw new UncloneableError(`the arguments of '${name}'`, cause);
    }
  }

  #cancellation(reason: unknown): JobCancelledError {
    return (this.#cancelled ??= new JobCancelledError(this.name, reason));
  }
}

/** Some twenty microseconds: a quick answer is there by then, and to be woken by the system takes about as long. */
const LOOKS = 4000;

/** Looks out for the bell before the thread goes to sleep. */
function rangSoon(words: Int32Array, bell: number): boolean {
  for (let left = LOOKS; left > 0; left--)
    if (Atomics.load(words, Word.threadBell) !== bell) return true;
  return false;
}
