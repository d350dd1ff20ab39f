// The first step of a task: it calls the function, in the async context of whoever made the task, and hands on what becomes of
// it. All other steps are those of its awaits. It is gone when it is done; what a waiting task needs is in its TaskRun.
import { runKept, type Context } from "./current.js";
import { isOperation, returnedOperation, type LoopFunction } from "./loop-function.js";
import { internals } from "./internals.js";
import type { Ready } from "./ready.js";
import type { TaskRun } from "./task-run.js";

/** Starts a task. */
export class FirstStep implements Ready {
  readonly withdrawn = false;
  readonly #run: TaskRun;
  readonly #fn: LoopFunction<unknown[], unknown>;
  readonly #args: unknown[];
  readonly #context: Context;

  constructor(
    run: TaskRun,
    fn: LoopFunction<unknown[], unknown>,
    args: unknown[],
    context: Context,
  ) {
    this.#run = run;
    this.#fn = fn;
    this.#args = args;
    this.#context = context;
  }

  step(): boolean {
    return this.begin(this.#run.loop[internals].scheduler.turn);
  }

  describe(): string {
    return `the first step of ${this.#run.task.describe()}`;
  }

  /** @param turn the turn of the scheduler that this is */
  begin(turn: number): boolean {
    const run = this.#run;
    if (!run.isAlive) return true;
    const cancelled = run.takeCancellation();
    if (cancelled !== undefined) {
      run.failed(cancelled);
      return true;
    }
    run.start(turn);
    try {
      this.#follow(runKept(this.#context, run, this.#fn, this.#args));
    } catch (error) {
      run.failed(error);
    }
    return false;
  }

  #follow(returned: unknown): void {
    const run = this.#run;
    if (returned instanceof Promise) {
      follow(returned, run);
    } else if (isThenable(returned)) {
      // In the task's context: what it returned is awaited by it.
      follow(runKept(this.#context, run, resolve, [returned]), run);
    } else if (isOperation(returned)) {
      run.failed(returnedOperation(`run ${run.task.describe()}`, this.#fn));
    } else {
      run.succeeded(returned);
    }
  }
}

function follow(promise: Promise<unknown>, run: TaskRun): void {
  promise.then(
    (value) => run.succeeded(value),
    (error: unknown) => run.failed(error),
  );
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
