import type { EventLoop } from "./event-loop.js";
import type { LoopFunction } from "./loop-function.js";
import type { TaskOptions } from "./task-options.js";
import { Task } from "./task.js";

/** Makes the tasks of a loop: `loop.setTaskFactory` sets it. Source: asyncio. */
export type TaskFactory = (
  loop: EventLoop,
  fn: LoopFunction<unknown[], unknown>,
  args: unknown[],
  options: TaskOptions,
) => Task<unknown>;

/** A class of tasks: Task, or what extends it. */
export type TaskClass = new (
  loop: EventLoop,
  fn: LoopFunction<unknown[], unknown>,
  args: unknown[],
  options: TaskOptions,
) => Task<unknown>;

/**
 * Makes a factory of tasks that start at once, inside of `createTask`.
 *
 * Source: asyncio (of CPython 3.12). Flavor: loop. It waits for nothing and throws nothing.
 *
 * @param taskClass the class of the tasks
 * @example
 * ```ts
 * import { createEagerTaskFactory, EventLoop, Task } from "@trestle/loop";
 *
 * class Tracked<T> extends Task<T> {
 *   readonly madeAt = this.loop.time();
 * }
 *
 * const loop = new EventLoop();
 * loop.setTaskFactory(createEagerTaskFactory(Tracked));
 * ```
 */
export function createEagerTaskFactory(taskClass: TaskClass): TaskFactory {
  return (loop, fn, args, options) =>
    new taskClass(loop, fn, args, { ...options, eagerStart: options.eagerStart ?? true });
}

/**
 * A factory of tasks that start at once, inside of `createTask`, and run until they wait. So a function that finds what it wants in
 * a cache takes no iteration of the loop before it ends.
 *
 * Source: asyncio (of CPython 3.12). Flavor: loop. It waits for nothing.
 *
 * @example
 * ```ts
 * import { createTask, eagerTaskFactory, getRunningLoop, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   getRunningLoop().setTaskFactory(eagerTaskFactory);
 *   const task = createTask(async () => console.log("first"));
 *   console.log("second");
 *   await task;
 * });
 * ```
 */
export const eagerTaskFactory: TaskFactory = createEagerTaskFactory(Task);
