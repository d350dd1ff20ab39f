// The loop's door for a Wait: arm it, and offer it the future's cancellation once.
import { InternalError, type Abort, type Outcome, type Wait } from "@trestle/host";
import { makeCancelledError, type CancelledError } from "./cancelled-error.js";
import { requireLoop } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { Future } from "./future.js";

class WaitFuture<T> extends Future<T> {
  readonly #abort: Abort;
  #cancelled: CancelledError | undefined;

  constructor(loop: EventLoop, wait: Wait<T>, description: string) {
    super({ loop, description });
    this.#abort = wait((outcome) => this.#resume(outcome));
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false;
    // It was committed before: it takes its time, and was told.
    if (this.#cancelled !== undefined) return true;
    this.#cancelled = makeCancelledError(message);
    if (this.#abort(this.#cancelled) === "withdrawn") this.endCancelled(this.#cancelled);
    return true;
  }

  #resume(outcome: Outcome<T>): void {
    // The loop has closed in the meantime.
    if (this.done() && !this.cancelled() && this.loop.isClosed()) return;
    if (this.done())
      throw new InternalError(
        `Cannot resume ${this.describe()}: it has resumed before or was withdrawn.`,
      );
    if (outcome.ok) this.setResult(outcome.value);
    else if (outcome.error === this.#cancelled)
      this.endCancelled(this.#cancelled as CancelledError);
    else this.setException(outcome.error);
  }
}

/**
 * Starts a wait, and gives a future of how it ends. This is how a timer, a worker's job or a child's exit is awaited in the
 * loop flavor.
 *
 * Cancelling the future offers the cancellation to the wait, once. A wait that is withdrawn is cancelled at once; one that is
 * committed stays pending until it ends, in its own way.
 *
 * Source: ours. Flavor: loop.
 *
 * @param wait armed at once
 * @param description what is waited for, in a few words, for reports of what is stuck
 * @throws NoLoopError outside of a loop
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
export function until<T>(wait: Wait<T>, description = "a wait"): Future<T> {
  return untilOn(requireLoop("wait"), wait, description);
}

/** The same on a given loop. */
export function untilOn<T>(loop: EventLoop, wait: Wait<T>, description: string): Future<T> {
  return new WaitFuture(loop, wait, description);
}
