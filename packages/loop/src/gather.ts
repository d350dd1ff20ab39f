import { ArgumentError, describe } from "@trestle/host";
import { makeCancelledError } from "./cancelled-error.js";
import { requireLoop } from "./current.js";
import { endOnAbort, messageOfReason } from "./end-on-abort.js";
import { ensureFuture, type Work } from "./ensure-future.js";
import { errorOf } from "./error-of.js";
import type { EventLoop } from "./event-loop.js";
import { Future } from "./future.js";
import { core } from "./internals.js";
import { requireSignal, type SignalOption } from "./signal-option.js";

/** How `gather` takes errors, and what ends it. */
export interface GatherOptions extends SignalOption {
  /** Whether errors stand among the results, cancellations included; otherwise the first one is thrown. */
  readonly returnErrors?: boolean;
}

/** What a list of work comes to. */
export type Gathered<W extends readonly unknown[]> = {
  -readonly [K in keyof W]: W[K] extends () => infer R ? Awaited<R> : Awaited<W[K]>;
};

/** The future of a gather: its cancellation is that of its children, and it stays pending until they have ended. */
class Gathering extends Future<unknown[]> {
  readonly #children: readonly Future<unknown>[];
  readonly #returnErrors: boolean;
  #left: number;
  #wasCancelled = false;
  #aborted: { readonly reason: unknown } | undefined;

  constructor(loop: EventLoop, children: readonly Future<unknown>[], options: GatherOptions) {
    super({ loop, description: `a gather of ${children.length}` });
    this[core].isDerived = true;
    this.#children = children;
    this.#returnErrors = options.returnErrors ?? false;
    // The same future may be among the children more than once.
    const distinct = new Set(children);
    this.#left = distinct.size;
    for (const child of distinct) child[core].whenDone(this.#ended);
    if (children.length === 0) this.setResult([]);
    else endOnAbort(this, options, (reason) => this.#abort(reason));
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false;
    let any = false;
    for (const child of this.#children) if (child.cancel(message)) any = true;
    if (any) this.#wasCancelled = true;
    return any;
  }

  #abort(reason: unknown): void {
    if (this.cancel(messageOfReason(reason))) this.#aborted = { reason };
  }

  readonly #ended = (child: Future<unknown>): void => {
    this.#left--;
    const failed = errorOf(child);
    if (this.done()) return;
    if (failed !== undefined && !this.#returnErrors) {
      this.setException(this.#meaningOf(child, failed.error));
    } else if (this.#left === 0) {
      this.#finish();
    }
  };

  #finish(): void {
    const results: unknown[] = [];
    let cancelled: unknown;
    for (const child of this.#children) {
      const failed = errorOf(child);
      results.push(failed === undefined ? child.result() : failed.error);
      if (child.cancelled()) cancelled = failed?.error;
    }
    // The children may all have ended in another way; who asked is told all the same.
    if (this.#aborted !== undefined) this.setException(this.#aborted.reason);
    else if (this.#wasCancelled) this.setException(cancelled ?? makeCancelledError(undefined));
    else this.setResult(results);
  }

  #meaningOf(child: Future<unknown>, error: unknown): unknown {
    return this.#aborted !== undefined && child.cancelled() ? this.#aborted.reason : error;
  }
}

/**
 * Waits for several pieces of work at the same time, and gives their results in the order of the work.
 *
 * The first error is thrown at once, and the others go on; with `returnErrors` all are awaited, and errors stand among the
 * results. Cancelling the future cancels all the work that is not done. A piece that is cancelled by somebody else counts as
 * one that failed with CancelledError. An abort of `signal` cancels the work as well, and its reason is thrown.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop.
 *
 * @param work Futures, promises, and functions to run as tasks
 * @throws NoLoopError outside of a loop; WrongFlavorError
 * @example
 * ```ts
 * import { gather, run, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   const [one, two] = await gather([() => sleep(20, 1), () => sleep(10, "two")]);
 * });
 * ```
 */
export function gather<const W extends readonly Work<unknown>[]>(
  work: W,
  options?: SignalOption & { readonly returnErrors?: false },
): Future<Gathered<W>>;
export function gather<const W extends readonly Work<unknown>[]>(
  work: W,
  options: GatherOptions,
): Future<{ [K in keyof Gathered<W>]: unknown }>;
export function gather(
  work: readonly Work<unknown>[],
  options: GatherOptions = {},
): Future<unknown> {
  const loop = requireLoop("gather");
  requireSignal(options, "gather");
  if (!Array.isArray(work)) {
    throw new ArgumentError(
      `Cannot gather ${describe(work)}: a list is wanted.\nWrite 'gather([one, two])', with the options behind it.`,
    );
  }
  const children = work.map((piece) => ensureFuture(piece, loop));
  return new Gathering(loop, children, options);
}
