import { ambient } from "./ambient.js";
import type { AsyncContext } from "./async-context.js";
import type { ContextSnapshot } from "./context-snapshot.js";
import type { Nursery } from "./nursery.js";
import type { StructuredFunction } from "./operation.js";
import type { Task } from "./task.js";

/** What a task begins with. */
export interface Surroundings {
  /** What its context variables have. */
  readonly variables: ContextSnapshot | undefined;
  /** The platform's async context that it runs in, and that is its own from now on. The caller runs in it, too. */
  readonly context: AsyncContext;
  /** Has the task's name; the function unless given. */
  readonly label?: { readonly name: string };
}

/**
 * Starts a child of a nursery as `startSoon` does, with surroundings that were kept before, instead of a copy of the current ones.
 *
 * Source: ours, for code that crosses into this runtime. Flavor: either. It waits for nothing.
 *
 * @throws NurseryClosedError; WrongFlavorError
 * @example
 * ```ts
 * import { openNursery, run, sleep } from "@trestle/structured";
 * import { contextSnapshot, startWith } from "@trestle/structured/lowlevel";
 * import { AsyncResource } from "node:async_hooks";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const context = new AsyncResource("request");
 *     const variables = contextSnapshot();
 *     context.runInAsyncScope(() => startWith(nursery, { context, variables }, sleep, 10));
 *   }),
 * );
 * ```
 */
export function startWith<A extends unknown[], T>(
  nursery: Nursery,
  surroundings: Surroundings,
  fn: StructuredFunction<A, T>,
  ...args: A
): Task<T> {
  ambient.given = surroundings;
  try {
    return nursery.startSoon(fn, ...args);
  } finally {
    ambient.given = undefined;
  }
}
