import { describe, WrongFlavorError } from "@trestle/host";
import { isFuture, type Future } from "@trestle/loop";
import type { Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { waitForFuture } from "./translate-cancel.js";

/**
 * Waits for a Future of any live loop, and gives its value or throws its error.
 *
 * A cancellation cancels the Future, once, and goes on waiting until it is done: cancelled by that, Cancelled goes on; a value
 * or an error wins. A Future that somebody else cancelled throws CancelledError, an ordinary error here.
 *
 * Source: trio-asyncio's `run_aio_future`. Flavor: structured.
 *
 * @throws the Future's error; CancelledError; LoopClosedError where its loop closes first; WrongFlavorError, at the call, for
 * what is no Future
 * @example
 * ```ts
 * import { awaitFuture, run } from "@trestle/bridge";
 *
 * await run(function* (loop) {
 *   const reply = loop.createFuture<string>("the reply");
 *   loop.callLater(10, () => reply.setResult("hello"));
 *   console.log(yield* awaitFuture(reply));
 * });
 * ```
 */
export function awaitFuture<T>(future: Future<T>): Operation<T> {
  if (!isFuture(future)) {
    throw new WrongFlavorError(
      `Cannot wait for ${describe(future)}: it is not a Future.\nGive an async function or a promise to 'asStructured'.`,
    );
  }
  return suspend(waitForFuture(future), future.describe());
}
