// Tasks that end together. A task that fails cancels the others, and the task that runs the block; at the end of the block that
// cancellation is taken back, and the errors are thrown as a group. This is CPython's TaskGroup, step by step.
import { ExceptionGroup } from "@trestle/host";
import { receiveCancellation } from "./cancellation-in.js";
import { requireTask } from "./current.js";
import type { Future } from "./future.js";
import { core } from "./internals.js";
import { callBody, checkLoopFunction } from "./loop-function.js";
import type { TaskCall } from "./task-options.js";
import type { Task } from "./task.js";
import { TaskGroupClosedError } from "./task-group-closed-error.js";

const RUN = "run a task group";

/**
 * A group whose block runs: `taskGroup` makes it.
 *
 * Source: asyncio. Flavor: loop.
 *
 * @example
 * ```ts
 * import { run, sleep, taskGroup, type TaskGroup } from "@trestle/loop";
 *
 * function startTwo(group: TaskGroup): void {
 *   void group.createTask(sleep, 10);
 *   void group.createTask(sleep, 20);
 * }
 *
 * await run(() => taskGroup(async (group) => startTwo(group)));
 * ```
 */
export class TaskGroup {
  readonly #parent: Task<unknown> = requireTask("open a task group");
  readonly #tasks = new Set<Task<unknown>>();
  readonly #errors: unknown[] = [];
  #isExiting = false;
  #isAborting = false;
  #hasCancelledParent = false;
  #completed: Future<void> | undefined;

  /**
   * Makes a task of the group. Options may come first, as for `createTask`.
   *
   * @throws TaskGroupClosedError where the group has ended or one of its tasks has failed; WrongFlavorError
   */
  createTask<A extends unknown[], T>(...call: TaskCall<A, T>): Task<T> {
    if (this.#isExiting && this.#tasks.size === 0)
      throw new TaskGroupClosedError("create a task", "finished");
    if (this.#isAborting) throw new TaskGroupClosedError("create a task", "shutting down");
    const task = this.#parent.loop.createTask(...call);
    this.#tasks.add(task);
    task.addDoneCallback(this.#ended);
    return task;
  }

  /** Runs the block, and ends when it and all tasks have ended. */
  async run<T>(body: (group: TaskGroup) => PromiseLike<T>): Promise<T> {
    let value!: T;
    let failed: { readonly error: unknown } | undefined;
    try {
      value = await callBody(body, [this], RUN);
    } catch (error) {
      failed = { error };
    }
    await this.#exit(failed);
    return value;
  }

  async #exit(failed: { readonly error: unknown } | undefined): Promise<void> {
    this.#isExiting = true;
    const received = failed === undefined ? undefined : receiveCancellation(failed.error);
    const isCancelled = received !== undefined;
    let cancelled: { readonly error: unknown } | undefined = isCancelled
      ? { error: received }
      : undefined;
    if (this.#hasCancelledParent && this.#parent.uncancel() === 0) cancelled = undefined;
    if (failed !== undefined && !this.#isAborting) this.#abort();
    cancelled = (await this.#allEnded()) ?? cancelled;
    if (cancelled !== undefined && this.#errors.length === 0) throw cancelled.error;
    if (failed !== undefined && !isCancelled) this.#errors.push(failed.error);
    if (this.#errors.length > 0) throw new ExceptionGroup("errors in a task group", this.#errors);
  }

  /** Waits until no task is left; gives a cancellation that came meanwhile and was not the group's own. */
  async #allEnded(): Promise<{ readonly error: unknown } | undefined> {
    let cancelled: { readonly error: unknown } | undefined;
    while (this.#tasks.size > 0) {
      this.#completed ??= this.#parent.loop.createFuture(`the tasks of a group: ${this.#names()}`);
      this.#completed[core].isDerived = true;
      try {
        await this.#completed;
      } catch (error) {
        if (!this.#isAborting) {
          cancelled = { error };
          this.#abort();
        }
      }
      this.#completed = undefined;
    }
    return cancelled;
  }

  #abort(): void {
    this.#isAborting = true;
    for (const task of this.#tasks) task.cancel();
  }

  readonly #ended = (task: Task<unknown>): void => {
    this.#tasks.delete(task);
    if (this.#tasks.size === 0 && this.#completed?.done() === false) this.#completed.setResult();
    if (task.cancelled()) return;
    const exception = task.exception();
    if (exception === undefined) return;
    this.#errors.push(exception);
    if (this.#parent.done()) {
      const message = `${task.describe()} failed after ${this.#parent.describe()}, which opened its group, had ended`;
      this.#parent.loop.callExceptionHandler({ message, exception, task });
    } else if (!this.#isAborting && !this.#hasCancelledParent) {
      this.#abort();
      this.#hasCancelledParent = true;
      this.#parent.cancel();
    }
  };

  #names(): string {
    return [...this.#tasks].map((task) => task.name).join(", ");
  }
}

/**
 * Runs a block that may start tasks, and ends when all of them have ended. Where one fails, the others and the block are
 * cancelled, and the errors are thrown as an ExceptionGroup; cancellations are not in it.
 *
 * Source: asyncio (of CPython 3.11). Flavor: loop. Cancelling the current task cancels the group's tasks.
 *
 * @param body gets the TaskGroup
 * @returns what the block returns
 * @throws ExceptionGroup of the errors, also of one; NoTaskError outside of a task; WrongFlavorError for a body of the structured
 * flavor, or none
 * @example
 * ```ts
 * import { run, sleep, taskGroup } from "@trestle/loop";
 *
 * await run(() =>
 *   taskGroup(async (group) => {
 *     group.createTask(() => sleep(10));
 *     group.createTask(() => sleep(20));
 *   }),
 * );
 * ```
 */
export async function taskGroup<T>(body: (group: TaskGroup) => PromiseLike<T>): Promise<T> {
  checkLoopFunction(body, RUN);
  return new TaskGroup().run(body);
}
