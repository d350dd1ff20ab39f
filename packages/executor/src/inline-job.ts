import { type Outcome } from "@trestle/host";
import { HostFunctionError } from "./host-function-error.js";
import { JobCancelledError } from "./job-cancelled-error.js";
import type { JobSide } from "./worker/job-side.js";

/** Asks whoever submitted a job. */
type Ask = (
  name: string,
  args: readonly unknown[],
  isBlocking: boolean,
  answer: (outcome: Outcome<unknown>) => void,
) => void;

/** A job that runs in the thread that submitted it, as its own code sees it. */
export class InlineJob implements JobSide {
  readonly name: string;
  isRunning = true;
  isCancelled = false;
  readonly #ask: Ask;
  readonly #controller = new AbortController();
  #error: JobCancelledError | undefined;
  #isTold = false;

  constructor(name: string, ask: Ask) {
    this.name = name;
    this.#ask = ask;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  checkCancelled(): void {
    if (this.isCancelled && this.isRunning) throw this.#cancellation(undefined);
  }

  tell(reason: unknown): void {
    this.#isTold = true;
    this.#controller.abort(this.#cancellation(reason));
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
    if (error === this.#error || error instanceof JobCancelledError) return true;
    return (
      this.#isTold && (error as { readonly name?: unknown } | undefined)?.name === "AbortError"
    );
  }

  call(name: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isTold) throw this.#cancellation(undefined);
      const refuse = (): void => reject(this.#cancellation(undefined));
      this.#controller.signal.addEventListener("abort", refuse, { once: true });
      this.#ask(name, args, false, (outcome) => {
        this.#controller.signal.removeEventListener("abort", refuse);
        if (outcome.ok) resolve(outcome.value);
        else reject(outcome.error);
      });
    });
  }

  callBlocking(name: string, args: readonly unknown[]): unknown {
    if (this.#isTold) throw this.#cancellation(undefined);
    const answers: Outcome<unknown>[] = [];
    this.#ask(name, args, true, (outcome) => void answers.push(outcome));
    const [given] = answers;
    if (given === undefined) {
      throw new HostFunctionError(
        name,
        "it is asynchronous, and would wait for the thread that waits for it",
        "Call it with `await fromThread.run(...)`, or run the job in a thread.",
      );
    }
    if (!given.ok) throw given.error;
    return given.value;
  }

  #cancellation(reason: unknown): JobCancelledError {
    return (this.#error ??= new JobCancelledError(this.name, reason));
  }
}
