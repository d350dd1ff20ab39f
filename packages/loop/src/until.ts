// The loop's door for a Wait: arm it, and offer it the end once, be it the future's cancellation or a signal's abort.
import { InternalError, type Abort, type Outcome, type Wait } from "@trestle/host";
import { makeCancelledError, type CancelledError } from "./cancelled-error.js";
import { requireLoop } from "./current.js";
import { endOnAbort, endWithReason } from "./end-on-abort.js";
import type { EventLoop } from "./event-loop.js";
import { Future } from "./future.js";
import { requireSignal, type SignalOption } from "./signal-option.js";

class WaitFuture<T> extends Future<T> {
  readonly #abort: Abort;
  /** What the wait was asked to end with. */
  #asked: { readonly reason: unknown } | undefined;
  /** A cancellation that came when the wait had been asked for another reason. */
  #late: CancelledError | undefined;

  constructor(loop: EventLoop, wait: Wait<T>, description: string, options: SignalOption) {
    super({ loop, description });
    this.#abort = wait((outcome) => this.#resume(outcome));
    endOnAbort(this, options, (reason) => this.#ask(reason));
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false;
    // It was committed before: it takes its time, and was told.
    if (this.#asked === undefined) this.#ask(makeCancelledError(message));
    else this.#late ??= makeCancelledError(message);
    return true;
  }

  #ask(reason: unknown): void {
    if (this.#asked !== undefined) return;
    this.#asked = { reason };
    if (this.#abort(reason) === "withdrawn") endWithReason(this, reason);
  }

  #resume(outcome: Outcome<T>): void {
    // The loop has closed in the meantime.
    if (this.done() && !this.cancelled() && this.loop.isClosed()) return;
    if (this.done())
      throw new InternalError(
        `Cannot resume ${this.describe()}: it has resumed before or was withdrawn.`,
      );
    if (outcome.ok) this.setResult(outcome.value);
    else if (this.#asked !== undefined && outcome.error === this.#asked.reason)
      endWithReason(this, this.#late ?? outcome.error);
    else this.setException(outcome.error);
  }
}

/**
 * Starts a wait, and gives a future of how it ends. This is how a timer, a worker's job or a child's exit is awaited in the
 * loop flavor.
 *
 * Cancelling the future offers the cancellation to the wait, once. A wait that is withdrawn is cancelled at once; one that is
 * committed stays pending until it ends, in its own way. An abort of `signal` is offered like a cancellation.
 *
 * Source: ours. Flavor: loop.
 *
 * @param wait armed at once
 * @param description what is waited for, in a few words, for reports of what is stuck
 * @param options `signal` ends the wait with its reason for the error
 * @throws NoLoopError outside of a loop; ArgumentError
 * @example
 * ```ts
 * import { success } from "@trestle/host";
 * import { getRunningLoop, run, until } from "@trestle/loop";
 *
 * await run(async () => {
 *   const { host } = getRunningLoop();
 *   const tick = await until<string>((resume) => {
 *     const timer = host.at(host.now() + 10, () => resume(success("tick")));
 *     return () => {
 *       timer.cancel();
 *       return "withdrawn";
 *     };
 *   }, "a tick");
 *   console.log(tick);
 * });
 * ```
 */
export function until<T>(
  wait: Wait<T>,
  description = "a wait",
  options: SignalOption = {},
): Future<T> {
  return untilOn(requireLoop("wait"), wait, description, options);
}

/** The same on a given loop. */
export function untilOn<T>(
  loop: EventLoop,
  wait: Wait<T>,
  description: string,
  options: SignalOption = {},
): Future<T> {
  requireSignal(options, "wait");
  return new WaitFuture(loop, wait, description, options);
}
