import { ArgumentError, describe } from "@trestle/host";
import { checkDuration } from "./check-time.js";
import { requireLoop } from "./current.js";
import { isFuture } from "./ensure-future.js";
import type { EventLoop } from "./event-loop.js";
import type { Future } from "./future.js";
import { core } from "./internals.js";
import { LineMember } from "./line.js";
import { checkSignal, type SignalOption } from "./signal-option.js";
import { WrongLoopError } from "./wrong-loop-error.js";

const WAIT = "wait for futures";
const ENDINGS = ["allCompleted", "firstCompleted", "firstError"] as const;

/** When a `wait` ends. A future that was cancelled has not failed. */
export type ReturnWhen = (typeof ENDINGS)[number];

/** How to wait for futures. */
export interface WaitOptions extends SignalOption {
  /** Milliseconds after which the wait ends in any case, 0 or more; no limit unless given. */
  readonly timeout?: number | undefined;
  /** When all are done, unless given; when one is; or when one has failed or all are done. */
  readonly returnWhen?: ReturnWhen | undefined;
}

/** What a `wait` has come to; in each set the futures are in the order in which they were given. */
export interface Waited<F> {
  readonly done: Set<F>;
  readonly pending: Set<F>;
}

/**
 * Waits for futures, and tells which are done. It gives no results and throws none of their errors: ask the futures. It cancels
 * none of them, neither when the time is over nor when the task that waits is cancelled.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop.
 *
 * @param futures one or more; use `createTask` for functions and `ensureFuture` for promises
 * @throws ArgumentError for none, and for what is no Future; the reason of `signal`; NoLoopError; WrongLoopError
 * @example
 * ```ts
 * import { createTask, run, sleep, wait } from "@trestle/loop";
 *
 * await run(async () => {
 *   const mirrors = [createTask(() => sleep(10, "one")), createTask(() => sleep(20, "two"))];
 *   const { done, pending } = await wait(mirrors, { timeout: 1000, returnWhen: "firstCompleted" });
 *   for (const slow of pending) slow.cancel();
 *   for (const fast of done) console.log(fast.result());
 * });
 * ```
 */
export async function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: WaitOptions = {},
): Promise<Waited<F>> {
  const loop = requireLoop(WAIT);
  const all = distinct(futures, loop);
  checkOptions(options);
  await untilEnough(all, loop, options);
  const done = new Set<F>();
  const pending = new Set<F>();
  for (const future of all) (future.done() ? done : pending).add(future);
  return { done, pending };
}

async function untilEnough(
  futures: ReadonlySet<Future<unknown>>,
  loop: EventLoop,
  { timeout, returnWhen, signal }: WaitOptions,
): Promise<void> {
  const waiter = new LineMember(loop, `${futures.size} futures`, signal);
  waiter[core].isDerived = true;
  const wake = (): void => {
    if (!waiter.done()) waiter.setResult();
  };
  const timer = timeout === undefined ? undefined : loop.callLater(timeout, wake);
  let left = futures.size;
  const ended = (future: Future<unknown>): void => {
    left--;
    // Not by `exception()`: who waits has not looked at it.
    const hasFailed = future[core].state === "failed";
    if (left === 0 || returnWhen === "firstCompleted" || (returnWhen === "firstError" && hasFailed))
      wake();
  };
  for (const future of futures) future[core].whenDone(ended);
  try {
    await waiter;
  } finally {
    timer?.cancel();
    waiter.end();
    for (const future of futures) future.removeDoneCallback(ended);
  }
}

function checkOptions(options: WaitOptions): void {
  const { timeout, returnWhen } = options;
  if (timeout !== undefined) checkDuration(timeout, WAIT);
  if (returnWhen !== undefined && !ENDINGS.includes(returnWhen)) {
    const wanted = ENDINGS.map((ending) => `"${ending}"`).join(", ");
    throw new ArgumentError(
      `Cannot ${WAIT} until ${describe(returnWhen)}: one of ${wanted} is wanted.`,
    );
  }
  checkSignal(options, WAIT);
}

/** The futures without those that are given again; throws where there are none, or others than those of the loop. */
function distinct<F extends Future<unknown>>(futures: Iterable<F>, loop: EventLoop): Set<F> {
  if (typeof (futures as Partial<Iterable<F>> | undefined)?.[Symbol.iterator] !== "function") {
    throw new ArgumentError(
      `Cannot ${WAIT} with ${describe(futures)}: a list of them is wanted.\nAwait a single one, or put it into a list.`,
    );
  }
  const all = new Set(futures);
  if (all.size === 0) {
    throw new ArgumentError(
      `Cannot ${WAIT}: there are none.\nAsk whether the list is empty before.`,
    );
  }
  for (const future of all) {
    if (!isFuture(future)) {
      throw new ArgumentError(
        `Cannot ${WAIT} with ${describe(future)} among them: it would not be found in the result.\nUse 'createTask(fn)' for a function, and 'ensureFuture(promise)' for a promise.`,
      );
    }
    if (future.loop !== loop) throw new WrongLoopError(`wait for ${future.describe()}`);
  }
  return all;
}
