// A structured call that loop code makes: queued in the loop, then a task in the nursery of the block, then a Future that is done.
import type { ContextCallee } from "@trestle/loop";
import {
  named,
  type Nursery,
  type Operation,
  type StructuredFunction,
  type Task,
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
import type { StructuredEventLoop } from "./structured-event-loop.js";
import { StructuredCall } from "./translate-cancel.js";

/** What all calls of a function have in common. */
export interface CallHost {
  /** What the task of a call runs: the call, under the name of its function. */
  readonly run: StructuredFunction<[call: HostedCall<unknown>], void>;
  /** What the Future of a call stands for. */
  readonly description: string;
  /** What is done, for errors. */
  readonly action: string;
}

/** Makes the host for calls of a function of some name. Where a function is called again and again, one will do for all calls. */
export function callHost(name = ""): CallHost {
  const known = name || "anonymous";
  return {
    run: named(known, runCall),
    description: `structured function '${known}'`,
    action: `call '${known}' from loop code`,
  };
}

function runCall(call: HostedCall<unknown>): Operation<void> {
  return call.run();
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
    loop: StructuredEventLoop,
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
    this.#task = startWith(
      nursery,
      { variables: this.#variables, context },
      this.#host.run,
      this as HostedCall<unknown>,
    );
    host.callStarts();
    // All that it did was to queue the task.
    host.quiet();
  }

  /** The call will have no task. */
  giveUp(): void {
    this.#block.callEnded(this.#count);
  }

  /** What the call's task runs: nothing but the call, so that it is the task that is cancelled. */
  *run(): Operation<void> {
    const { loop } = this;
    (this.#block.host as LoopHost).callStarted();
    if (loopVariable.get() !== loop) loopVariable.set(loop);
    try {
      if (!this.begins(this.#task as Task<void>)) return;
      this.succeeds(yield* callStructured(this.#fn, this.#args, this.#host.action));
    } catch (error) {
      this.fails(error);
    } finally {
      this.#block.callEnded(this.#count);
    }
  }
}
