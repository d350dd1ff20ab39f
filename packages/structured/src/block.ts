// The frame of every block form: runs a body inside something, and has the last word on how it ended.
//
// A block is a plain iterator around the body's: the body's suspensions pass through it, and an error of the body is caught
// here once, instead of travelling through a generator of our own.
import { requireTask } from "./ambient.js";
import { BlockReusedError } from "./block-reused-error.js";
import { operationOf, requireStructured } from "./operation-of.js";
import {
  refuseAwait,
  type Operation,
  type OperationIterator,
  type Suspended,
} from "./operation.js";
import type { TaskRecord } from "./task-record.js";

/** What a block is a block of. */
export interface Frame<S, T, R> {
  /** The text for error messages: "open a nursery". */
  readonly action: string;
  /** Goes in, and gives what the body receives. An error here is the block's. */
  enter(task: TaskRecord): S;
  /** The body has ended. Gives or throws the block's result, or suspends; then `resume` has the word. */
  leave(task: TaskRecord, failed: boolean, value: T | unknown): IteratorResult<Suspended, R>;
  /** The suspension of `leave` has ended. */
  resume?(task: TaskRecord): IteratorResult<Suspended, R>;
}

/** The body of a block: it receives the block's subject first, then the arguments that were given to the block. */
export type Body<S, A extends unknown[], T> = (subject: S, ...args: A) => Operation<T>;

export function block<S, A extends unknown[], T, R>(
  frame: Frame<S, T, R>,
  body: Body<S, A, T>,
  args: A,
): Operation<R> {
  return new Block(frame, body as Body<S, unknown[], T>, args);
}

const NEW = 0;
const IN_BODY = 1;
const LEAVING = 2;

class Block<S, T, R> implements Operation<R>, OperationIterator<R> {
  readonly #frame: Frame<S, T, R>;
  readonly #body: Body<S, unknown[], T>;
  readonly #args: unknown[];
  #phase: number = NEW;
  #iterator: OperationIterator<T> | undefined;

  constructor(frame: Frame<S, T, R>, body: Body<S, unknown[], T>, args: unknown[]) {
    this.#frame = frame;
    this.#body = body;
    this.#args = args;
  }

  [Symbol.iterator](): OperationIterator<R> {
    if (this.#phase !== NEW) throw new BlockReusedError(this.#frame.action);
    return this;
  }

  next(sent?: unknown): IteratorResult<Suspended, R> {
    if (this.#phase === IN_BODY) return this.#drive("next", sent);
    const task = requireTask(this.#frame.action);
    if (this.#phase === LEAVING) return this.#frame.resume?.(task) as IteratorResult<Suspended, R>;
    this.#phase = IN_BODY;
    const subject = this.#frame.enter(task);
    try {
      requireStructured(this.#body, this.#frame.action);
      this.#iterator = operationOf(
        this.#body(subject, ...this.#args),
        this.#frame.action,
        this.#body,
      )[Symbol.iterator]();
    } catch (error) {
      return this.#leave(true, error);
    }
    return this.#drive("next", undefined);
  }

  throw(error: unknown): IteratorResult<Suspended, R> {
    if (this.#phase !== IN_BODY) throw error;
    return this.#drive("throw", error);
  }

  #drive(method: "next" | "throw", sent: unknown): IteratorResult<Suspended, R> {
    const iterator = this.#iterator as OperationIterator<T>;
    let result: IteratorResult<Suspended, T>;
    try {
      if (method === "next") result = iterator.next(sent);
      else if (iterator.throw === undefined) throw sent;
      else result = iterator.throw(sent);
    } catch (error) {
      return this.#leave(true, error);
    }
    return result.done ? this.#leave(false, result.value) : result;
  }

  #leave(failed: boolean, value: unknown): IteratorResult<Suspended, R> {
    this.#phase = LEAVING;
    this.#iterator = undefined;
    return this.#frame.leave(requireTask(this.#frame.action), failed, value);
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }
}
