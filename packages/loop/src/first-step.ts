// The first step of a task: it calls the function, in the async context of whoever made the task, and hands on what becomes of
// it. All other steps are those of its awaits. It is gone when it is done; what a waiting task needs is in its TaskRun.
import { keepContext, runKept, type Context } from "./current.js";
import { isOperation, returnedOperation, type LoopFunction } from "./loop-function.js";
import type { Ready } from "./ready.js";
import type { TaskRun } from "./task-run.js";

/** What is done when a task's function has ended. */
export interface TaskEnding {
  readonly succeeded: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/** Starts a task. */
export class FirstStep implements Ready {
  readonly withdrawn = false;
  readonly #run: TaskRun;
  readonly #fn: LoopFunction<unknown[], unknown>;
  readonly #args: unknown[];
  readonly #ending: TaskEnding;
  readonly #context: Context = keepContext();

  constructor(
    run: TaskRun,
    fn: LoopFunction<unknown[], unknown>,
    args: unknown[],
    ending: TaskEnding,
  ) {
    this.#run = run;
    this.#fn = fn;
    this.#args = args;
    this.#ending = ending;
  }

  step(): boolean {
    if (!this.#run.isAlive) return true;
    const cancelled = this.#run.takeCancellation();
    if (cancelled !== undefined) {
      this.#ending.failed(cancelled);
      return true;
    }
    this.#run.start();
    try {
      this.#follow(runKept(this.#context, this.#run, this.#fn, this.#args));
    } catch (error) {
      this.#ending.failed(error);
    }
    return false;
  }

  #follow(returned: unknown): void {
    const { succeeded, failed } = this.#ending;
    if (returned instanceof Promise) {
      returned.then(succeeded, failed);
    } else if (isThenable(returned)) {
      // In the task's context: what it returned is awaited by it.
      runKept(this.#context, this.#run, resolve, [returned]).then(succeeded, failed);
    } else if (isOperation(returned)) {
      failed(returnedOperation(`run ${this.#run.task.describe()}`, this.#fn));
    } else {
      succeeded(returned);
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

function resolve(value: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(value);
}
