// A structured call that loop code makes: queued in the loop, then a task in the nursery of the block, then a Future that is done.
import {
  named,
  type CancelScope,
  type Nursery,
  type Operation,
  type StructuredFunction,
} from "@trestle/structured";
import { callStructured, enterContext, type ContextSnapshot } from "@trestle/structured/lowlevel";
import type { CallCount, LoopBlock } from "./loop-block.js";
import type { LoopHost } from "./loop-host.js";
import { loopVariable } from "./loop-variable.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";
import { StructuredCall } from "./translate-cancel.js";

/** What the task of a call runs: the call, under the name of its function. */
export type CallHost = StructuredFunction<[call: HostedCall<unknown>], void>;

/** Makes the host for calls of a function of some name. Where a function is called again and again, one will do for all calls. */
export function callHost(name: string): CallHost {
  return named(name || "anonymous", runCall);
}

function runCall(call: HostedCall<unknown>): Operation<void> {
  return call.run();
}

/** One call. */
export class HostedCall<T> {
  readonly future: StructuredCall<T>;
  readonly #block: LoopBlock;
  readonly #fn: StructuredFunction<unknown[], T>;
  readonly #args: unknown[];
  readonly #count: CallCount;
  readonly #variables: ContextSnapshot | undefined;

  constructor(
    loop: StructuredEventLoop,
    block: LoopBlock,
    fn: StructuredFunction<unknown[], T>,
    args: unknown[],
  ) {
    const description = `structured function '${fn?.name || "anonymous"}'`;
    this.future = new StructuredCall<T>({ loop, description });
    this.#block = block;
    this.#fn = fn;
    this.#args = args;
    this.#count = block.callBegan();
    this.#variables = block.variables.snapshot;
  }

  /** The call's turn in the loop's queue: its task is started, unless the Future was cancelled meanwhile. */
  start(host: CallHost): void {
    if (this.future.done()) {
      this.giveUp();
      return;
    }
    (this.#block.nursery as Nursery).startSoon(host, this);
    (this.#block.host as LoopHost).callStarts();
  }

  /** The call will have no task. */
  giveUp(): void {
    this.#block.callEnded(this.#count);
  }

  /** What the call's task runs. */
  *run(): Operation<void> {
    const loop = this.future.loop as StructuredEventLoop;
    (this.#block.host as LoopHost).callStarted();
    enterContext(this.#variables);
    if (loopVariable.get() !== loop) loopVariable.set(loop);
    try {
      yield* this.future.host(callFunction<T>, this.#fn, this.#args);
    } finally {
      this.#block.callEnded(this.#count);
    }
  }
}

function callFunction<T>(
  _scope: CancelScope,
  fn: StructuredFunction<unknown[], T>,
  args: unknown[],
): Operation<T> {
  return callStructured(fn, args, `call '${fn?.name || "anonymous"}' from loop code`);
}
