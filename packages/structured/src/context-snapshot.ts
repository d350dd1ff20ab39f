// The context variables as one value, for a runtime that takes them through code which is no task: they go in with a call from
// there, and nothing comes back.
import { ambient, requireTask } from "./ambient.js";
import type { Variables } from "./context-var.js";

/** The values of all context variables at a moment. It never changes, so it may be kept and compared. */
export type ContextSnapshot = Variables;

/**
 * Gives what the context variables have here: in this task, or in code that is no task but has some carried to it. Undefined
 * where nothing is set.
 *
 * Source: Python's `contextvars.copy_context`. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { ContextVar, run } from "@trestle/structured";
 * import { contextSnapshot } from "@trestle/structured/lowlevel";
 *
 * const requestId = new ContextVar<string>("requestId");
 * await run(function* () {
 *   const before = contextSnapshot();
 *   requestId.set("r-1");
 *   console.log(contextSnapshot() === before); // false
 * });
 * ```
 */
export function contextSnapshot(): ContextSnapshot | undefined {
  return ambient.task === undefined ? ambient.carried?.() : ambient.task.variables;
}

/**
 * Replaces the values of all context variables in this task, and in what it starts from now on.
 *
 * Source: ours; Python's `Context.run` is near. Flavor: structured. It waits for nothing.
 *
 * @param snapshot what `contextSnapshot` has given, also in another task
 * @throws NoRunError outside of a task
 * @example
 * ```ts
 * import { ContextVar, openNursery, run } from "@trestle/structured";
 * import { contextSnapshot, enterContext } from "@trestle/structured/lowlevel";
 *
 * const requestId = new ContextVar<string>("requestId");
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     nursery.startSoon(function* () {
 *       requestId.set("r-1");
 *       const snapshot = contextSnapshot();
 *       nursery.startSoon(function* () {
 *         enterContext(snapshot);
 *       });
 *     });
 *   }),
 * );
 * ```
 */
export function enterContext(snapshot: ContextSnapshot | undefined): void {
  requireTask("enter a context").variables = snapshot;
}

/**
 * Says what the context variables have in code that is no task of this runtime; `get` then gives it there. The last one counts.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing.
 *
 * @param read called whenever a variable is read outside of a task
 * @example
 * ```ts
 * import { carryContext, type ContextSnapshot } from "@trestle/structured/lowlevel";
 * import { AsyncLocalStorage } from "node:async_hooks";
 *
 * const storage = new AsyncLocalStorage<ContextSnapshot>();
 * carryContext(() => storage.getStore());
 * ```
 */
export function carryContext(read: () => ContextSnapshot | undefined): void {
  ambient.carried = read;
}
