import { ArgumentError, describe, WrongFlavorError } from "@trestle/host";
import {
  currentLoop,
  LayerMissingError,
  LoopClosedError,
  type BlockingOptions,
  type ExecutorLayer,
  type ExecutorWork,
} from "@trestle/loop";
import { inStructuredTask } from "@trestle/structured";
import { warnDeprecated } from "./deprecation-warning.js";

const ACTION = "block this thread";

/** What is plugged into a SyncLoop. */
export interface SyncLoopOptions {
  /** Whose threads do the work: that of @trestle/executor, or another that can block. */
  readonly executor?: ExecutorLayer | undefined;
}

/**
 * A loop for programs without a main that waits: `runUntilComplete` blocks the calling thread while another thread runs a function of
 * a module, and gives what that returns.
 *
 * Nothing else of the calling thread runs meanwhile: no timer, no promise, no signal handler. The function runs in a thread of its own
 * and may be of any kind: it may `run` loops and structured code there. Deprecated, with one warning: start the program with `run` of
 * @trestle/bridge. Source: trio-asyncio's sync loop. Flavor: neither.
 *
 * @throws LayerMissingError without an executor; ArgumentError for one that cannot block
 * @example
 * ```ts
 * import { SyncLoop } from "@trestle/bridge";
 * import type { ExecutorLayer, ExecutorWork } from "@trestle/loop";
 *
 * function countWords(executor: ExecutorLayer, count: ExecutorWork<[text: string], number>): number {
 *   using loop = new SyncLoop({ executor });
 *   return loop.runUntilComplete(count, ["one two three"], { timeoutMs: 1000 });
 * }
 * ```
 */
export class SyncLoop implements Disposable {
  readonly #executor: BlockingLayer;
  #isClosed = false;

  constructor({ executor }: SyncLoopOptions = {}) {
    if (executor === undefined)
      throw new LayerMissingError(ACTION, "executor", "'new SyncLoop({ executor })'");
    if (!canBlock(executor)) {
      throw new ArgumentError(
        `Cannot ${ACTION} with ${describe(executor)} as 'executor': it has no 'runUntilComplete'.\nThat of @trestle/executor has one.`,
      );
    }
    this.#executor = executor;
    warnDeprecated(
      "'SyncLoop' of @trestle/bridge",
      "Start the program with 'run' of @trestle/bridge, and await 'toThread' of @trestle/loop where work needs another thread.",
    );
  }

  /**
   * Runs work in another thread, and blocks this one until it has ended. It may be called again and again.
   *
   * @param work stands for a function of a module, as the executor takes it
   * @param args for the function; they are copied
   * @param options `timeoutMs` is how long it may take, in milliseconds
   * @returns what the function returns, or what its promise resolves with
   * @throws what the function throws; LoopClosedError; WrongFlavorError in structured code and in the code of a loop, which would stand
   * still; what the executor throws when the time is over, and for work that it does not take
   */
  runUntilComplete<T>(work: ExecutorWork<[], T>): T;
  runUntilComplete<A extends unknown[], T>(
    work: ExecutorWork<A, T>,
    args: A,
    options?: BlockingOptions,
  ): T;
  runUntilComplete(
    work: ExecutorWork<unknown[], unknown>,
    args: unknown[] = [],
    options: BlockingOptions = {},
  ): unknown {
    if (this.#isClosed) throw new LoopClosedError(ACTION);
    const around = inStructuredTask()
      ? "structured code"
      : currentLoop()?.isRunning() && "an event loop";
    if (typeof around === "string") {
      throw new WrongFlavorError(
        `Cannot ${ACTION}: ${around} runs in it, and would stand still.\nAwait 'toThread(work, ...args)' of @trestle/loop, or call this outside.`,
      );
    }
    return this.#executor.runUntilComplete(work, args, options);
  }

  /** Whether it was closed. */
  isClosed(): boolean {
    return this.#isClosed;
  }

  /** Closes the loop for good; a second time has no effect. The executor is not its own and stays. */
  close(): void {
    this.#isClosed = true;
  }

  /** Closes the loop, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

type BlockingLayer = ExecutorLayer & Required<Pick<ExecutorLayer, "runUntilComplete">>;

function canBlock(executor: ExecutorLayer): executor is BlockingLayer {
  return typeof executor?.runUntilComplete === "function";
}
