import { callBody, checkLoopFunction } from "./loop-function.js";
import type { SignalOption } from "./signal-option.js";

const RUN = "run a body that holds something";

/** Something that is acquired and released. */
export interface Holdable {
  acquire(options?: SignalOption): Promise<unknown>;
  release(): void;
}

/**
 * What `acquire` gives: disposing of it releases, once, so `await using` holds to the end of a block. Who calls `release` need not
 * look at it.
 *
 * Source: ours, for Python's `async with lock`. Flavor: loop.
 *
 * @example
 * ```ts
 * import { Lock } from "@trestle/loop";
 *
 * async function write(lock: Lock): Promise<void> {
 *   await using held = await lock.acquire();
 * }
 * ```
 */
export class Held implements Disposable, AsyncDisposable {
  #holdable: Holdable | undefined;

  /** @internal */
  constructor(holdable: Holdable) {
    this.#holdable = holdable;
  }

  [Symbol.dispose](): void {
    const holdable = this.#holdable;
    this.#holdable = undefined;
    holdable?.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
  }
}

/** Runs a body between acquire and release. */
export async function holding<T>(
  holdable: Holdable,
  body: () => PromiseLike<T>,
  options: SignalOption | undefined,
): Promise<T> {
  checkLoopFunction(body, RUN);
  await holdable.acquire(options);
  let value: T;
  try {
    value = await callBody(body, [], RUN);
  } catch (error) {
    releaseQuietly(holdable);
    throw error;
  }
  holdable.release();
  return value;
}

/** Releases after an error, which is the one that counts: a body may have released by itself. */
function releaseQuietly(holdable: Holdable): void {
  try {
    holdable.release();
  } catch {
    // See above.
  }
}
