import { describe, WrongFlavorError } from "@trestle/host";
import type { AsyncContext } from "./async-context.js";
import type { ContextSnapshot } from "./context-snapshot.js";
import { isObject } from "./is-object.js";
import type { Nursery } from "./nursery.js";
import type { Operation } from "./operation.js";
import type { Task } from "./task.js";

/** What a task begins with. */
export interface Surroundings {
  /** Has the task's name, which is read when somebody asks for it. */
  readonly label: { readonly name: string };
  /** What its context variables have. */
  readonly variables: ContextSnapshot | undefined;
  /** The platform's async context that it runs in, and that is its own from now on. */
  readonly context: AsyncContext;
}

/** The key of what starts a child in a nursery, which copies of this package share. */
export const startChild: unique symbol = Symbol.for("trestle.start-child");

/** A nursery, as those that are open are. */
interface Starter extends Nursery {
  [startChild]<T>(operation: Operation<T>, surroundings: Surroundings): Task<T>;
}

/**
 * Starts a child of a nursery as `startSoon` does, with surroundings that were kept before, instead of a copy of the current ones.
 *
 * Source: ours, for code that crosses into this runtime. Flavor: either. It waits for nothing.
 *
 * @param operation what the child runs
 * @throws NurseryClosedError; WrongFlavorError for what is no operation
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
 *     startWith(nursery, sleep(10), { label: { name: "nap" }, context, variables });
 *   }),
 * );
 * ```
 */
export function startWith<T>(
  nursery: Nursery,
  operation: Operation<T>,
  surroundings: Surroundings,
): Task<T> {
  if (!isObject(operation) || !(Symbol.iterator in operation))
    throw new WrongFlavorError(
      `Cannot start a child with ${describe(operation)}: an operation is wanted.\nCall the structured function, and give what it returns.`,
    );
  return (nursery as Starter)[startChild](operation, surroundings);
}
