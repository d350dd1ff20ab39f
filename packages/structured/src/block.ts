// The frame of every block form: runs a body inside something, and has the last word on how it ended.
//
// A block hands its body to the task, whose innermost iterator it is from then on: the runner resumes it without passing
// through what is around it, so a task may be in thousands of blocks, and costs as much to resume as in none. When the
// body has ended the runner resumes what is around the block, which gets the result from the block's `next`.
//
//   new ── next ──▶ in body ── the body ended ──▶ body ended ── next, `leave` ──▶ over, or leaving ── next, `resume` ──▶ over
//
// A body is begun in place, and one that ends without a suspension ends there as well. Only where many blocks are begun
// within each other the next one is left to the runner, which begins it on an empty stack. A body that begins by yielding
// something foreign, for which the task has no handler, is driven by its block, in the phase by hand: whoever gets that may be
// no runner.
import { InternalError } from "@trestle/host";
import { ambient, requireTask } from "./ambient.js";
import { BlockReusedError } from "./block-reused-error.js";
import { callStructured } from "./operation-of.js";
import {
  refuseAwait,
  type Operation,
  type OperationIterator,
  type Suspended,
} from "./operation.js";
import { CALLING } from "./phase.js";
import { SUSPEND, SUSPENDED } from "./suspend.js";
import { TaskBusyError } from "./task-busy-error.js";
import type { OpenBlock } from "./task-parties.js";
import type { TaskRecord } from "./task-record.js";
import { throwInto } from "./throw-into.js";

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
const BODY_ENDED = 2;
const LEAVING = 3;
const BY_HAND = 4;

/** How many bodies are begun within each other before the runner is asked. */
const DEEPEST = 50;
let depth = 0;

class Block<S, T, R> implements Operation<R>, OperationIterator<R>, OpenBlock {
  readonly #frame: Frame<S, T, R>;
  readonly #body: Body<S, unknown[], T>;
  readonly #args: unknown[];
  outerIterator: OperationIterator<unknown> | undefined = undefined;
  outerBlock: OpenBlock | null = null;
  #phase: number = NEW;
  #task: TaskRecord | undefined;
  #byHand: OperationIterator<unknown> | undefined;
  #failed = false;
  #value: unknown = undefined;

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
    const task = requireTask(this.#frame.action);
    if (this.#phase === NEW) return this.#begin(task);
    if (this.#phase === BODY_ENDED) return this.#leave(task);
    if (this.#phase === LEAVING) return this.#frame.resume?.(task) as IteratorResult<Suspended, R>;
    if (this.#phase === BY_HAND) return this.#drive(task, (body) => body.next(sent));
    // Its body waits.
    throw new TaskBusyError(task.name);
  }

  throw(error: unknown): IteratorResult<Suspended, R> {
    if (this.#phase !== BY_HAND) throw error;
    return this.#drive(requireTask(this.#frame.action), (body) => throwInto(body, error));
  }

  bodyEnded(failed: boolean, value: unknown): void {
    this.#phase = BODY_ENDED;
    this.#failed = failed;
    this.#value = value;
  }

  #begin(task: TaskRecord): IteratorResult<Suspended, R> {
    const frame = this.#frame;
    this.#phase = IN_BODY;
    this.#task = task;
    const subject = frame.enter(task);
    try {
      const body = callStructured(this.#body, [subject, ...this.#args], frame.action);
      task.enterBlock(this, body[Symbol.iterator]());
    } catch (error) {
      this.bodyEnded(true, error);
      return this.#leave(task);
    }
    if (depth >= DEEPEST) {
      task.phase = CALLING;
      return SUSPEND;
    }
    depth++;
    let result = stepInPlace(task);
    // The body begins by yielding something foreign, unless it was a block further in that did.
    while (result !== undefined && result.value !== SUSPENDED && task.block === this) {
      if (ambient.takeYield?.(task, result.value)) {
        result = stepInPlace(task);
      } else {
        this.#byHand = task.iterator;
        this.#phase = BY_HAND;
        task.forgetBlock();
      }
    }
    depth--;
    return result ?? this.#leave(task);
  }

  #drive(
    task: TaskRecord,
    step: (body: OperationIterator<unknown>) => IteratorResult<Suspended, unknown>,
  ): IteratorResult<Suspended, R> {
    try {
      const result = step(this.#byHand as OperationIterator<unknown>);
      if (!result.done) return result;
      this.bodyEnded(false, result.value);
    } catch (error) {
      this.bodyEnded(true, error);
    }
    return this.#leave(task);
  }

  #leave(task: TaskRecord): IteratorResult<Suspended, R> {
    if (task !== this.#task) throw strangerAt(this.#task as TaskRecord, task);
    this.#phase = LEAVING;
    const value = this.#value;
    this.#value = undefined;
    return this.#frame.leave(task, this.#failed, value);
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }
}

/** Gives what the body that was just entered yields; undefined where it has ended. */
function stepInPlace(task: TaskRecord): IteratorYieldResult<Suspended> | undefined {
  const iterator = task.iterator as OperationIterator<unknown>;
  try {
    const result = iterator.next();
    if (!result.done) return result;
    task.leaveBlock(iterator, false, result.value);
  } catch (error) {
    task.leaveBlock(iterator, true, error);
  }
  return undefined;
}

// The body has ended by then; its own task, whose scopes these are, ends the block at its next step.
function strangerAt(owner: TaskRecord, stranger: TaskRecord): InternalError {
  return new InternalError(
    `Cannot end a block of task '${owner.name}' in task '${stranger.name}'.\n` +
      "Run operations by 'yield*' only; do not call 'next' on them.",
  );
}
