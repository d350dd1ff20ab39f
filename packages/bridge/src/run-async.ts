import { describe, WrongFlavorError } from "@trestle/host";
import type { LoopFunction } from "@trestle/loop";
import type { Operation } from "@trestle/structured";
import { callAsync } from "./call-async.js";
import { requireLoopOfCrossing } from "./current-loop.js";

/**
 * Runs an async function as a task of the current loop, from its first line on.
 *
 * Waits for the task. A cancellation cancels the task, once, and goes on waiting until it has ended; if it ended by that,
 * Cancelled goes on, else its value or error wins. In a scope that is cancelled already the function never starts. Source:
 * trio-asyncio's `run_aio_coroutine`, which takes a coroutine where this takes the function. Flavor: structured.
 *
 * @param fn an async function
 * @param args its arguments
 * @throws what the function throws; NoHostedLoopError; LoopClosedError; WrongFlavorError for what is no async function
 * @example
 * ```ts
 * import { run, runAsync } from "@trestle/bridge";
 * import { readFile } from "node:fs/promises";
 *
 * await run(function* () {
 *   const text = yield* runAsync((path: string) => readFile(path, "utf8"), "package.json");
 *   console.log(text.length);
 * });
 * ```
 */
export function runAsync<A extends unknown[], T>(fn: LoopFunction<A, T>, ...args: A): Operation<T> {
  if (typeof fn !== "function") {
    throw new WrongFlavorError(
      `Cannot run ${describe(fn)} in the loop: an async function is wanted.\n` +
        "A promise or a Future is waited for by 'yield* asStructured(promise)'.",
    );
  }
  return callAsync(
    () => requireLoopOfCrossing(`run '${fn.name || "an async function"}'`),
    fn,
    args,
  );
}
