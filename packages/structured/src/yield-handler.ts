// What becomes of a plain `yield` of something that is not the runtime's. Mostly it is refused; a task may have a handler that
// makes an operation of it, which it inherits like a context variable, and its children from it.
//
// The operation is run in the place of the `yield`: the task's innermost iterator gets a driver around it, which runs the
// operation and resumes the iterator with what came of that. The driver stays, and takes the next `yield` too. Only a task that
// yields something foreign ever has one, so all others cost what they did.
import { processWide } from "@trestle/host";
import { ContextVar } from "./context-var.js";
import { throwInto } from "./throw-into.js";
import type { Operation, OperationIterator, Suspended } from "./operation.js";
import type { TaskRecord } from "./task-record.js";

/** Makes an operation of a value that was yielded without a star; gives undefined for what is to be refused. */
export type YieldHandler = (value: unknown) => Operation<unknown> | undefined;

/** The handler of a task. */
export const yieldHandler = /* @__PURE__ */ processWide(
  "@trestle/structured yield handler",
  1,
  () =>
    new ContextVar<YieldHandler | undefined>("trestle.yield-handler", { defaultValue: undefined }),
);

/**
 * Takes a foreign value that the task's innermost iterator has yielded: afterwards that iterator has a driver around it, which
 * is to be resumed. Answers false where the value is to be refused.
 */
export function takeYield(task: TaskRecord, value: unknown): boolean {
  const handler = yieldHandler.get();
  if (handler === undefined) return false;
  const iterator = task.iterator as OperationIterator<unknown>;
  const driver = iterator instanceof YieldDriver ? iterator : new YieldDriver(iterator);
  if (!driver.take(handler, value)) return false;
  task.iterator = driver;
  return true;
}

class YieldDriver implements OperationIterator<unknown> {
  readonly #body: OperationIterator<unknown>;
  /** What stands in the place of a `yield`, until it has ended. */
  #answer: OperationIterator<unknown> | undefined;

  constructor(body: OperationIterator<unknown>) {
    this.#body = body;
  }

  take(handler: YieldHandler, value: unknown): boolean {
    // The operation of a handler may yield nothing foreign itself.
    if (this.#answer !== undefined) return false;
    try {
      this.#answer = handler(value)?.[Symbol.iterator]();
    } catch (error) {
      this.#answer = failing(error);
    }
    return this.#answer !== undefined;
  }

  next(sent?: unknown): IteratorResult<Suspended, unknown> {
    const answer = this.#answer;
    if (answer === undefined) return this.#body.next(sent);
    return this.#drive(() => answer.next(sent));
  }

  throw(error: unknown): IteratorResult<Suspended, unknown> {
    const answer = this.#answer;
    return answer === undefined
      ? throwInto(this.#body, error)
      : this.#drive(() => throwInto(answer, error));
  }

  #drive(step: () => IteratorResult<Suspended, unknown>): IteratorResult<Suspended, unknown> {
    let result: IteratorResult<Suspended, unknown>;
    try {
      result = step();
    } catch (error) {
      this.#answer = undefined;
      return throwInto(this.#body, error);
    }
    if (!result.done) return result;
    this.#answer = undefined;
    return this.#body.next(result.value);
  }
}

function failing(error: unknown): OperationIterator<never> {
  return {
    next() {
      throw error;
    },
  };
}
