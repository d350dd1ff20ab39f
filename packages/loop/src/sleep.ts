import type { TimerEntry } from "@trestle/host";
import { checkDuration } from "./check-time.js";
import { requireLoop } from "./current.js";
import { endOnAbort, endWithReason } from "./end-on-abort.js";
import type { EventLoop } from "./event-loop.js";
import { Future } from "./future.js";
import { core, internals } from "./internals.js";
import type { Ready } from "./ready.js";
import { requireSignal, type SignalOption } from "./signal-option.js";

/** The timer of a sleep. */
class Alarm<T> implements Ready, TimerEntry {
  readonly rank = 0;
  readonly withdrawn = false;
  sequence = 0;
  queued = false;
  readonly when: number;
  readonly #sleep: Future<T>;
  readonly #value: T;

  constructor(sleep: Future<T>, when: number, value: T) {
    this.#sleep = sleep;
    this.when = when;
    this.#value = value;
  }

  step(): boolean {
    if (!this.#sleep.done()) this.#sleep.setResult(this.#value);
    return true;
  }
}

/** A sleep: its timer goes when it is cancelled. */
class Sleep<T> extends Future<T> {
  readonly #ms: number;
  readonly #alarm: Alarm<T>;

  constructor(loop: EventLoop, ms: number, value: T) {
    super({ loop });
    this.#ms = ms;
    this.#alarm = new Alarm(this, loop.time() + ms, value);
    loop[internals].scheduler.addTimer(this.#alarm);
  }

  override describe(): string {
    return `a sleep of ${this.#ms} ms`;
  }

  override cancel(message?: string): boolean {
    this.#disarm();
    return super.cancel(message);
  }

  /** Ends it because of an abort. */
  endBy(reason: unknown): void {
    this.#disarm();
    endWithReason(this, reason);
  }

  #disarm(): void {
    this.loop[internals].scheduler.removeTimer(this.#alarm);
  }
}

/** A sleep of no length: it is done, but each await of it lets everything run that is ready. */
class Pause<T> extends Future<T> {
  constructor(loop: EventLoop, value: T) {
    super({ loop, description: "a sleep of 0 ms" });
    this[core].isPause = true;
    this.setResult(value);
  }
}

/**
 * Waits for a while. A sleep of 0 lets everything run that is ready, once.
 *
 * Source: asyncio. Flavor: loop. Cancelling the task, or the future, ends it.
 *
 * @param ms milliseconds, 0 or more; Infinity sleeps until it is cancelled
 * @param value what the await gives
 * @param options `signal` ends the sleep with its reason for the error
 * @throws NoLoopError outside of a loop; ArgumentError for a negative or NaN time
 * @example
 * ```ts
 * import { run, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   await sleep(10);
 * });
 * ```
 */
export function sleep<T = void>(ms: number, value?: T, options?: SignalOption): Future<T> {
  const loop = requireLoop("sleep");
  const result = value as T;
  checkDuration(ms, "sleep");
  if (options?.signal !== undefined) return sleepUnder(options, loop, ms, result);
  return ms === 0 ? new Pause(loop, result) : new Sleep(loop, ms, result);
}

function sleepUnder<T>(options: SignalOption, loop: EventLoop, ms: number, value: T): Future<T> {
  requireSignal(options, "sleep");
  // One of no length is over before anything could end it.
  if (ms === 0 && options.signal?.aborted !== true) return new Pause(loop, value);
  const sleeping = new Sleep(loop, ms, value);
  endOnAbort(sleeping, options, (reason) => sleeping.endBy(reason));
  return sleeping;
}
