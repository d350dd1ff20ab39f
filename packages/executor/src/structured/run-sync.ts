import { checkpointIfCancelled, type Operation } from "@trestle/structured";
import { refusingAwait } from "@trestle/structured/lowlevel";
import type { Executor } from "../executor.js";
import type { JobOptions, OnCancel } from "../job.js";
import type { HostFunctions } from "../host-call.js";
import { requireReference } from "../load-work.js";
import { sharedThreads } from "../shared-threads.js";
import type { WorkReference } from "../work-reference.js";
import { HostTask } from "./host-task.js";
import { currentDefaultThreadLimiter, HeldToken, type ThreadLimiter } from "./thread-limiter.js";

/** How a task has work run in a thread. */
export interface RunSyncOptions {
  /** What a cancellation does to work that runs; `"wait"` unless given. */
  readonly onCancel?: OnCancel | undefined;
  /** Whose token the work takes. The run's default limiter unless given; none with an executor of your own, which has its own limits. */
  readonly limiter?: ThreadLimiter | undefined;
  /** Whose thread it takes: one that all share unless given. */
  readonly executor?: Executor | undefined;
  /** What the work may call back, by its names: plain and structured functions. They run in the task that waits. */
  readonly host?: HostFunctions | undefined;
  /** What of the arguments is moved instead of copied. */
  readonly transfer?: JobOptions["transfer"];
}

/**
 * Runs work in a thread, and gives what it returns.
 *
 * Waits for a token of the limiter, and for the work. A cancellation that comes before the work has begun ends the wait. Later it does what
 * `onCancel` says; unless that is given the work is waited for, and its value or its error counts. `checkCancelled` in the work
 * throws then, and what the work calls back is cancelled as all else in the task.
 *
 * Source: Trio's `to_thread.run_sync`. Flavor: structured.
 *
 * @param work a reference to a function in a module, see `moduleRef`; it may be asynchronous
 * @param args for the function; they are copied
 * @throws what the work throws; WorkerExitError where its thread ends; UncloneableError; WorkReferenceError and ArgumentError at the call
 * @example
 * ```ts no-run
 * import { moduleRef } from "@trestle/executor";
 * import { runSync } from "@trestle/executor/structured";
 * import { failAfter, run } from "@trestle/structured";
 *
 * const zlib = moduleRef(() => import("node:zlib"), import.meta);
 * const packed = await run(() =>
 *   failAfter(1000, () => runSync(zlib.gzipSync, ["some text"], { onCancel: { terminateAfterMs: 0 } })),
 * );
 * console.log(packed.length);
 * ```
 */
export function runSync<A extends unknown[], T>(
  work: WorkReference<A, T>,
  args: A,
  options: RunSyncOptions = {},
): Operation<T> {
  if (options.executor === undefined) requireReference(work);
  return refusingAwait(() => runInThread(work, args, options));
}

/**
 * The same with the arguments one by one, and no options: work that runs is waited for, also by a task that is cancelled.
 *
 * Source: `asyncio.to_thread`. Flavor: structured.
 *
 * @throws like `runSync`
 * @example
 * ```ts no-run
 * import { moduleRef } from "@trestle/executor";
 * import { toThread } from "@trestle/executor/structured";
 * import { run } from "@trestle/structured";
 *
 * const zlib = moduleRef(() => import("node:zlib"), import.meta);
 * console.log(await run(() => toThread(zlib.gzipSync, "some text")));
 * ```
 */
export function toThread<A extends unknown[], T>(
  work: WorkReference<A, T>,
  ...args: A
): Operation<T> {
  return runSync(work, args);
}

function* runInThread<A extends unknown[], T>(
  work: WorkReference<A, T>,
  args: A,
  options: RunSyncOptions,
): Operation<T> {
  yield* checkpointIfCancelled();
  const { onCancel, transfer } = options;
  const executor: Executor = options.executor ?? sharedThreads();
  const limiter =
    options.limiter ?? (options.executor === undefined ? currentDefaultThreadLimiter() : undefined);
  const token = limiter && (yield* takeToken(limiter, work.name));
  try {
    const host = new HostTask<T>(options.host ?? {});
    const onHostCall = options.host && host.receive;
    const job = executor.submit(work, args, { limiter: token, onCancel, transfer, onHostCall });
    return yield* host.attend(job);
  } finally {
    // A job that has its token gives it back when its thread is done with it.
    if (token?.isTaken === false) token.release();
  }
}

function* takeToken(limiter: ThreadLimiter, name: string): Operation<HeldToken> {
  const borrower = { work: name };
  yield* limiter.acquireOnBehalfOf(borrower);
  return new HeldToken(() => limiter.releaseOnBehalfOf(borrower));
}
