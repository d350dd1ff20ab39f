import { describe, WrongFlavorError } from "@trestle/host";
import type { AsyncContext } from "./async-context.js";
import { groupOf, type ChildGroup } from "./child-group.js";
import type { ContextSnapshot } from "./context-snapshot.js";
import { isObject } from "./is-object.js";
import { NurseryClosedError } from "./nursery-closed-error.js";
import type { Nursery } from "./nursery.js";
import type { Operation } from "./operation.js";
import { TaskRecord } from "./task-record.js";
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
  const group = (nursery as Nursery & { readonly [groupOf]: ChildGroup })[groupOf];
  if (group.isClosed) throw new NurseryClosedError(operation);
  const { label, variables, context } = surroundings;
  const { runner } = group.parent;
  const steps = operation[Symbol.iterator]();
  const task = new TaskRecord(runner, label, group, context);
  task.variables = variables;
  task.iterator = steps;
  group.adopt(task);
  runner.begin(task);
  return task as Task<unknown> as Task<T>;
}
