// A block with a deadline. When it passes, the block's task is cancelled; at the block's end that cancellation is taken back
// and becomes a TimeoutError, unless somebody else wants the task cancelled as well. An AbortSignal ends a block in the same
// way, with its reason for the error.
import { receiveCancellation } from "./cancellation-in.js";
import type { CancelledError } from "./cancelled-error.js";
import { checkDuration, checkInstant } from "./check-time.js";
import { requireLoop, requireTask } from "./current.js";
import { messageOfReason } from "./end-on-abort.js";
import type { EventLoop } from "./event-loop.js";
import type { Handle } from "./handle.js";
import { InvalidStateError } from "./invalid-state-error.js";
import { callBody, checkLoopFunction } from "./loop-function.js";
import { checkSignal, onAbort, type SignalOption } from "./signal-option.js";
import type { Task } from "./task.js";
import { TimeoutError } from "./timeout-error.js";

const SET = "set a timeout";
const RUN = "run a block with a timeout";

/**
 * The deadline of a block that runs: `timeout` and `timeoutAt` make it.
 *
 * Source: asyncio. Flavor: loop.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run, sleep, timeout } from "@trestle/loop";
 *
 * await run(() =>
 *   timeout(100, async (deadline) => {
 *     await sleep(10);
 *     deadline.reschedule(getRunningLoop().time() + 100);
 *   }),
 * );
 * ```
 */
export class Timeout {
  readonly #loop: EventLoop;
  readonly #task: Task<unknown>;
  readonly #cancelling: number;
  #at: number | undefined;
  #timer: Handle | undefined;
  #state: "active" | "expiring" | "expired" | "aborting" | "aborted" | "finished" = "active";
  #reason: unknown;

  constructor(at: number | undefined) {
    this.#loop = requireLoop(SET);
    this.#task = requireTask(SET);
    this.#cancelling = this.#task.cancelling();
    this.reschedule(at);
  }

  /** The deadline, in milliseconds of the loop's `time()`; undefined for none. */
  get when(): number | undefined {
    return this.#at;
  }

  /** Whether the deadline has passed. */
  get expired(): boolean {
    return this.#state === "expiring" || this.#state === "expired";
  }

  /**
   * Moves the deadline, while the block runs.
   *
   * @param at an instant of the loop's `time()`; undefined for none
   * @throws InvalidStateError where it has passed or the block has ended; ArgumentError for a NaN time
   */
  reschedule(at: number | undefined): void {
    if (this.#state !== "active") {
      throw new InvalidStateError(
        `Cannot reschedule a timeout: it is ${this.#state}.\nReschedule it while its block runs, before it expires.`,
      );
    }
    if (at !== undefined) checkInstant(at, "time out");
    this.#at = at;
    this.#timer?.cancel();
    this.#timer = at === undefined ? undefined : this.#arm(at);
  }

  /** Runs the block, and turns the cancellation that is its own into a TimeoutError. */
  async guard<T>(body: (timeout: Timeout) => PromiseLike<T>, { signal }: SignalOption): Promise<T> {
    const unlisten = signal === undefined ? undefined : onAbort(signal, this.#abort);
    try {
      return await callBody(body, [this], RUN);
    } catch (error) {
      const cancelled = receiveCancellation(error);
      if (this.#end() && cancelled !== undefined) throw this.#meaningOf(cancelled);
      throw error;
    } finally {
      unlisten?.();
      this.#end();
    }
  }

  #meaningOf(cause: CancelledError): unknown {
    return this.#state === "aborted" ? this.#reason : new TimeoutError("the block", { cause });
  }

  #arm(at: number): Handle {
    return at <= this.#loop.time()
      ? this.#loop.callSoon(this.#expire)
      : this.#loop.callAt(at, this.#expire);
  }

  readonly #expire = (): void => {
    this.#timer = undefined;
    this.#state = "expiring";
    this.#task.cancel();
  };

  readonly #abort = (reason: unknown): void => {
    if (this.#state !== "active") return;
    this.#state = "aborting";
    this.#reason = reason;
    this.#timer?.cancel();
    this.#task.cancel(messageOfReason(reason));
  };

  /** Ends the timeout; gives whether it expired or was aborted and nobody else has asked the task to end. */
  #end(): boolean {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#state === "active") this.#state = "finished";
    if (this.#state === "expiring") this.#state = "expired";
    else if (this.#state === "aborting") this.#state = "aborted";
    else return false;
    return this.#task.uncancel() <= this.#cancelling;
  }
}

/**
 * Runs a block in the current task, and cancels it where it is not done in time.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop.
 *
 * @param ms milliseconds from now, 0 or more; undefined for no deadline, which may be set later
 * @param body gets the Timeout, which can be rescheduled
 * @param options an abort of `signal` cancels the block, too, and its reason is thrown; the block does not run where it is aborted
 * @throws TimeoutError where the deadline passed and the block ended with the CancelledError; the reason of `signal`; the
 * block's error; NoTaskError; ArgumentError; WrongFlavorError for a body of the structured flavor, or none
 * @example
 * ```ts
 * import { run, sleep, timeout } from "@trestle/loop";
 *
 * await run(async () => {
 *   await timeout(100, async () => {
 *     await sleep(10);
 *   });
 * });
 * ```
 */
export async function timeout<T>(
  ms: number | undefined,
  body: (timeout: Timeout) => PromiseLike<T>,
  options: SignalOption = {},
): Promise<T> {
  const loop = requireLoop(SET);
  const at = ms === undefined ? undefined : loop.time() + checkDuration(ms, SET);
  return timeoutAt(at, body, options);
}

/**
 * Runs a block in the current task, and cancels it where it is not done at an instant.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop.
 *
 * @param at an instant of the loop's `time()`, which may have passed; undefined for no deadline
 * @param body gets the Timeout, which can be rescheduled
 * @param options an abort of `signal` cancels the block, too, and its reason is thrown; the block does not run where it is aborted
 * @throws TimeoutError where the deadline passed and the block ended with the CancelledError; the reason of `signal`; the
 * block's error; NoTaskError; ArgumentError; WrongFlavorError for a body of the structured flavor, or none
 * @example
 * ```ts
 * import { getRunningLoop, run, sleep, timeoutAt } from "@trestle/loop";
 *
 * await run(async () => {
 *   const deadline = getRunningLoop().time() + 100;
 *   await timeoutAt(deadline, () => sleep(10));
 *   await timeoutAt(deadline, () => sleep(10));
 * });
 * ```
 */
export async function timeoutAt<T>(
  at: number | undefined,
  body: (timeout: Timeout) => PromiseLike<T>,
  options: SignalOption = {},
): Promise<T> {
  checkLoopFunction(body, RUN);
  checkSignal(options, SET);
  return new Timeout(at).guard(body, options);
}
