import {
  ArgumentError,
  describe,
  failure,
  platformHost,
  processWide,
  success,
  unwrap,
  type Outcome,
} from "@trestle/host";
import { BlockedThread } from "./blocked-thread.js";
import { BlockingTimeoutError } from "./blocking-timeout-error.js";
import { captureCallSite, linesOf } from "./call-site.js";
import type { HostFunctions } from "./host-call.js";
import { HostFunctionError } from "./host-function-error.js";
import { hostFunction } from "./host-functions.js";
import { isThenable } from "./is-thenable.js";
import { lateJob, warnOfLateError } from "./late-error.js";
import { requireArguments } from "./require-arguments.js";
import { requireReference } from "./load-work.js";
import type { FromThread, SentWork } from "./protocol.js";
import { reviveError } from "./revive-error.js";
import type { WorkReference } from "./work-reference.js";
import { WorkerExitError } from "./worker-exit-error.js";

/** How a call blocks its thread. */
export interface RunUntilCompleteOptions {
  /** How long it may take, in milliseconds; as long as it takes unless given. */
  readonly timeoutMs?: number | undefined;
  /** What it may call back, by its names. These must not be asynchronous: this thread stands still. */
  readonly host?: HostFunctions | undefined;
}

/** Threads that wait for the next call. */
const shared = processWide("@trestle/executor/blocking", 1, () => ({
  idle: [] as BlockedThread[],
}));

/**
 * Runs work in another thread, and blocks this one until it has ended: for code that must not be asynchronous and needs something that
 * is. The other thread has an event loop of its own, so the work may be asynchronous.
 *
 * Nothing else of this thread runs meanwhile: no timer, no I/O, no handler of a signal. So give it a timeout. What the work prints is
 * written at once.
 *
 * Source: ours. Flavor: neither; it waits by blocking. The thread is kept for the next call.
 *
 * @param args for the function; they are copied
 * @returns what the work returns, or what its promise resolves with
 * @throws what the work throws; BlockingTimeoutError; WorkerExitError where the thread ends, as by running out of memory;
 * UncloneableError, WorkReferenceError, ArgumentError
 * @example
 * ```ts no-run
 * import { moduleRef, runUntilComplete } from "@trestle/executor";
 *
 * const files = moduleRef(() => import("node:fs/promises"), import.meta);
 * const text = runUntilComplete(files.readFile, ["notes.txt", "utf8"], { timeoutMs: 5000 });
 * console.log(text);
 * ```
 */
export function runUntilComplete<A extends unknown[], T>(
  work: WorkReference<A, T>,
  args: A,
  options: RunUntilCompleteOptions = {},
): T {
  requireReference(work);
  requireArguments(args, "block for");
  const { timeoutMs = Number.POSITIVE_INFINITY, host } = options;
  requireTimeout(timeoutMs);
  const end = platformHost().now() + timeoutMs;
  for (;;) {
    const isUsed = shared.idle.length > 0;
    const ending = runOn(takeThread(), work, args, { timeoutMs, end, host });
    // A thread that was used before may end when it is given the next call.
    if (!isUsed || ending.hasBegun) return unwrap(ending.outcome) as T;
  }
}

/** What a call may do. */
interface Bounds {
  readonly timeoutMs: number;
  /** When its time is over. */
  readonly end: number;
  readonly host: HostFunctions | undefined;
}

/** Runs work on a thread, and gives how it ended, and whether it had begun. */
function runOn(
  thread: BlockedThread,
  { module, name }: SentWork,
  args: readonly unknown[],
  bounds: Bounds,
): { readonly outcome: Outcome<unknown>; readonly hasBegun: boolean } {
  let isWhole = false;
  try {
    thread.run({ kind: "job", id: 0, module, name, args });
    const ending = waitFor(thread, name, bounds);
    isWhole = ending.isWhole;
    return { outcome: ending.outcome, hasBegun: thread.isAlive || thread.hasBegun };
  } finally {
    if (isWhole) shared.idle.push(thread);
    else thread.terminate();
  }
}

/** How a call has ended. */
interface Ending {
  readonly outcome: Outcome<unknown>;
  /** Whether nothing of it is left in the thread, and that takes the next one. */
  readonly isWhole: boolean;
}

function waitFor(thread: BlockedThread, name: string, { timeoutMs, end, host }: Bounds): Ending {
  const platform = platformHost();
  let isWhole = true;
  for (;;) {
    const message = thread.next(end - platform.now());
    if (message === undefined) return ended(new BlockingTimeoutError(name, timeoutMs));
    switch (message.kind) {
      case "exited":
        return ended(new WorkerExitError(name, message.exitCode, message.error));
      case "done":
        return { outcome: success(message.value), isWhole };
      case "failed": {
        const site = linesOf(captureCallSite(runUntilComplete));
        const outcome = failure(reviveError(message.error, site));
        return { outcome, isWhole: isWhole && !message.isStray };
      }
      case "call":
        thread.answer(message.call, callNow(host, message));
        break;
      case "late":
        isWhole = false;
        warnOfLateError(reviveError(message.error), lateJob(message));
        break;
      default:
        break;
    }
  }
}

function ended(error: unknown): Ending {
  return { outcome: failure(error), isWhole: false };
}

/** Calls a function that the work was given. It must not be asynchronous: nobody could run it while this thread stands still. */
function callNow(
  host: HostFunctions | undefined,
  { name, args }: Extract<FromThread, { readonly kind: "call" }>,
): Outcome<unknown> {
  try {
    const fn = hostFunction(host, name);
    if (fn[Symbol.toStringTag as never] === "AsyncFunction") throw wouldDeadlock(name);
    const result = fn(...args);
    if (!isThenable(result)) return success(result);
    result.then(undefined, () => {});
    throw wouldDeadlock(name);
  } catch (error) {
    return failure(error);
  }
}

function wouldDeadlock(name: string): HostFunctionError {
  return new HostFunctionError(
    name,
    "it is asynchronous, and the thread that would run it stands still until the job has ended",
    "Give a function that is not, or submit the job to an executor and wait for it.",
  );
}

function takeThread(): BlockedThread {
  for (let thread = shared.idle.pop(); thread !== undefined; thread = shared.idle.pop()) {
    if (thread.isAlive) return thread;
    thread.terminate();
  }
  return new BlockedThread();
}

function requireTimeout(timeoutMs: number): void {
  if (typeof timeoutMs === "number" && timeoutMs >= 0) return;
  throw new ArgumentError(
    `Cannot block for ${describe(timeoutMs)}: milliseconds, 0 or more, or Infinity are wanted.`,
  );
}
