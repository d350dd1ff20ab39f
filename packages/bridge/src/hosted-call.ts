// A structured call that loop code makes: queued in the loop, then a task in the nursery of the block, then a Future that is done.
import type { ContextCallee, EventLoop } from "@trestle/loop";
import type {
  Nursery,
  Operation,
  OperationIterator,
  StructuredFunction,
  Suspended,
  Task,
} from "@trestle/structured";
import {
  callStructured,
  startWith,
  type ContextSnapshot,
  type Surroundings,
} from "@trestle/structured/lowlevel";
import type { CallCount, LoopBlock } from "./loop-block.js";
import type { LoopHost } from "./loop-host.js";
import { loopVariable } from "./loop-variable.js";
import { StructuredCall } from "./translate-cancel.js";

/** What all calls of a function have in common. */
export interface CallHost {
  /** Has the name of the function, for the task of a call. */
  readonly label: { readonly name: string };
  /** What the Future of a call stands for. */
  readonly description: string;
  /** What is done, for errors. */
  readonly action: string;
}

/** Makes the host for calls of a function of some name. Where a function is called again and again, one will do for all calls. */
export function callHost(name = ""): CallHost {
  const known = name || "anonymous";
  return {
    label: { name: known },
    description: `structured function '${known}'`,
    action: `call '${known}' from loop code`,
  };
}

/** One call: its Future, which settles itself. */
export class HostedCall<T> extends StructuredCall<T> implements ContextCallee {
  readonly #block: LoopBlock;
  readonly #host: CallHost;
  readonly #fn: StructuredFunction<unknown[], T>;
  readonly #args: unknown[];
  readonly #count: CallCount;
  readonly #variables: ContextSnapshot | undefined;
  #task: Task<void> | undefined;

  constructor(
    loop: EventLoop,
    block: LoopBlock,
    host: CallHost,
    fn: StructuredFunction<unknown[], T>,
    args: unknown[],
  ) {
    super({ loop, description: host.description });
    this.#block = block;
    this.#host = host;
    this.#fn = fn;
    this.#args = args;
    this.#count = block.callBegan();
    this.#variables = block.variables.snapshot;
  }

  /** The call's turn in the loop's queue: its task is started, unless the call was cancelled meanwhile. */
  start(context: Surroundings["context"]): void {
    if (this.done()) {
      this.giveUp();
      return;
    }
    const { nursery, host } = this.#block as { readonly nursery: Nursery; readonly host: LoopHost };
    this.#task = startWith(nursery, new CallSteps(this as HostedCall<unknown>), {
      label: this.#host.label,
      variables: this.#variables,
      context,
    });
    host.callStarts();
    // All that it did was to queue the task.
    host.quiet();
  }

  /** The call has ended, or will have no task. */
  giveUp(): void {
    this.#block.callEnded(this.#count);
  }

  /** The first step of the call's task: calls the function. Gives undefined where the call was cancelled before. */
  begin(): OperationIterator<T> | undefined {
    const { loop } = this;
    (this.#block.host as LoopHost).callStarted();
    if (loopVariable.get() !== loop) loopVariable.set(loop);
    if (!this.begins(this.#task as Task<void>)) return undefined;
    return callStructured(this.#fn, this.#args, this.#host.action)[Symbol.iterator]();
  }

  /** The function has returned. */
  returned(value: T): void {
    this.succeeds(value);
    this.giveUp();
  }

  /** The function has thrown; throws an error that is the task's, too. */
  threw(error: unknown): void {
    try {
      this.fails(error);
    } finally {
      this.giveUp();
    }
  }
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined };

/** What the call's task runs: nothing but the call, so that it is the task that is cancelled. A generator would cost more. */
class CallSteps implements Operation<void>, OperationIterator<void> {
  readonly #call: HostedCall<unknown>;
  #steps: OperationIterator<unknown> | undefined;

  constructor(call: HostedCall<unknown>) {
    this.#call = call;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Suspended, void> {
    try {
      this.#steps ??= this.#call.begin();
      return this.#after(this.#steps?.next());
    } catch (error) {
      this.#call.threw(error);
      return DONE;
    }
  }

  /** Tells the function that it has yielded what is no operation. */
  throw(error: unknown): IteratorResult<Suspended, void> {
    try {
      if (this.#steps?.throw === undefined) throw error;
      return this.#after(this.#steps.throw(error));
    } catch (thrown) {
      this.#call.threw(thrown);
      return DONE;
    }
  }

  #after(result: IteratorResult<Suspended, unknown> | undefined): IteratorResult<Suspended, void> {
    if (result !== undefined && !result.done) return result;
    if (result === undefined) this.#call.giveUp();
    else this.#call.returned(result.value);
    return DONE;
  }
}
