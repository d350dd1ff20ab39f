// What combinators take as work, as a future: a future as it is, a function as a task, and any other promise followed.
import { failure, success, type Host, type Wait } from "@trestle/host";
import { requireLoop } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { Future } from "./future.js";
import { core } from "./internals.js";
import { checkLoopFunction } from "./loop-function.js";
import { untilOn } from "./until.js";
import { WrongLoopError } from "./wrong-loop-error.js";

/** Something to wait for: a Future, a promise, or a function to run as a task. */
export type Work<T> = PromiseLike<T> | (() => PromiseLike<T>);

/**
 * Gives a future for work: a Future as it is; a task that runs the function; or a future that follows the promise, which a
 * cancellation makes it forget, since the promise itself cannot be cancelled.
 *
 * Source: asyncio; functions stand for its coroutines. Flavor: loop.
 *
 * @param loop the running one unless given
 * @throws NoLoopError; WrongLoopError for a Future of another loop; WrongFlavorError for anything else
 * @example
 * ```ts
 * import { ensureFuture, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const response = ensureFuture(fetch("http://localhost:8080/"));
 *   response.addDoneCallback(() => console.log("there"));
 *   await response;
 * });
 * ```
 */
export function ensureFuture<T>(
  work: Work<T>,
  loop: EventLoop = requireLoop("wait for work"),
): Future<T> {
  if (isFuture(work)) {
    if (work.loop !== loop) throw new WrongLoopError(`wait for ${work.describe()}`);
    return work as Future<T>;
  }
  if (isThenable(work))
    return untilOn(loop, following(work, loop.host), "a promise that is not the event loop's");
  checkLoopFunction(work, "wait for work");
  return loop.createTask(work);
}

/**
 * Whether a value is a Future, of this copy of the package or another.
 *
 * Source: asyncio's `isfuture`. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { isFuture, run, sleep } from "@trestle/loop";
 *
 * await run(async () => {
 *   console.log(isFuture(sleep(1)), isFuture(Promise.resolve())); // true false
 * });
 * ```
 */
export function isFuture(value: unknown): value is Future<unknown> {
  return value instanceof Future || (typeof value === "object" && value !== null && core in value);
}

function isThenable<T>(work: Work<T>): work is PromiseLike<T> {
  return (
    typeof work === "object" && work !== null && "then" in work && typeof work.then === "function"
  );
}

/** A promise as a wait. It holds the host: a virtual clock does not run past it. */
function following<T>(promise: PromiseLike<T>, host: Host): Wait<T> {
  return (resume) => {
    let isWaiting = true;
    const release = host.hold("a promise that the event loop follows", { keepAlive: false });
    const end = (): boolean => {
      if (!isWaiting) return false;
      isWaiting = false;
      release();
      return true;
    };
    promise.then(
      (value) => end() && resume(success(value)),
      (error: unknown) => end() && resume(failure(error)),
    );
    return () => {
      end();
      return "withdrawn";
    };
  };
}
