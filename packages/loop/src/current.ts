// Who runs here: the one place that knows the platform's async context.
//
// The context holds a Place: the loop, and the task where one runs. It goes with every await and callback, so that a Future
// that is awaited ten calls deep finds the task. On Node 20 an AsyncLocalStorage in use makes every await of the process
// several times slower: it is started with the first loop, and disabled with the last.
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { processWide, type Release } from "@trestle/host";
import type { EventLoop } from "./event-loop.js";
import { internals } from "./internals.js";
import { NoLoopError } from "./no-loop-error.js";
import { NoTaskError } from "./no-task-error.js";
import type { TaskRun } from "./task-run.js";
import type { Task } from "./task.js";

/** Where code runs. */
export interface Place {
  readonly loop: EventLoop;
  /** The task, and undefined in callbacks. */
  readonly task: Task<unknown> | undefined;
  readonly run: TaskRun | undefined;
}

/** The version of what copies of this package share: the fields of Place and of all that hangs on it. */
const SHAPE = 1;

interface Ambient {
  storage: AsyncLocalStorage<Place> | undefined;
  loops: number;
  /** How often the last loop was gone. */
  era: number;
}

const ambient = processWide<Ambient>("@trestle/loop", SHAPE, () => ({
  storage: undefined,
  loops: 0,
  era: 0,
}));

/** An async context to run something in later. */
export type Context = AsyncResource;

/** Switches the async context on for one more loop; the last release switches it off. */
export function useAsyncContext(): Release {
  ambient.storage ??= new AsyncLocalStorage();
  ambient.loops++;
  let used = true;
  return () => {
    if (!used) return;
    used = false;
    if (--ambient.loops > 0) return;
    ambient.storage?.disable();
    ambient.era++;
  };
}

/** The time from a first loop to the last that is alive with it. A loop that is made now belongs to it. */
export function currentEra(): number {
  return ambient.era;
}

/**
 * Where this code runs; undefined outside of all loops. Contexts that were kept may still have the place of a loop that is gone: the
 * loops share one storage, because on Node 20 each storage more makes all promises slower.
 */
export function currentPlace(): Place | undefined {
  const place = ambient.storage?.getStore();
  return place?.loop[internals].era === ambient.era ? place : undefined;
}

/** The run of the task that runs here; undefined where none does or where it has ended. */
export function currentRun(): TaskRun | undefined {
  const run = currentPlace()?.run;
  return run === undefined || !run.isAlive ? undefined : run;
}

/** Runs the function at a place, in the async context of the caller otherwise. */
export function runAt<A extends unknown[], R>(place: Place, fn: (...args: A) => R, args: A): R {
  const { storage, loops } = ambient;
  return storage === undefined || loops === 0 ? fn(...args) : storage.run(place, fn, ...args);
}

/** Keeps the caller's async context, for something that is called later, once. */
export function keepContext(): Context {
  return new AsyncResource("trestle", manual);
}

const manual = { requireManualDestroy: true };

/** Keeps the caller's async context, but for the place. */
export function keepContextAt(place: Place): Context {
  return runAt(place, keepContext, []);
}

/** Runs the function at a place, in a context that was kept otherwise. */
export function runKept<A extends unknown[], R>(
  context: Context,
  place: Place,
  fn: (...args: A) => R,
  args: A,
): R {
  return context.runInAsyncScope(enterAndCall<A, R>, undefined, place, fn, args);
}

/** Calls the function in a context that was kept, at the place that it has. */
export function callIn<A, R>(context: Context, fn: (argument: A) => R, argument: A): R {
  return context.runInAsyncScope(fn, undefined, argument);
}

// The scope is the context's own and ends with the call: entering costs less than running, which would restore.
function enterAndCall<A extends unknown[], R>(place: Place, fn: (...args: A) => R, args: A): R {
  if (ambient.loops > 0) ambient.storage?.enterWith(place);
  return fn(...args);
}

/**
 * Gives the task that runs now; undefined in callbacks and outside of loops.
 *
 * Source: asyncio. Flavor: loop. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { currentTask, run } from "@trestle/loop";
 *
 * await run(async function main() {
 *   console.log(currentTask()?.name); // "main"
 * });
 * ```
 */
export function currentTask(): Task<unknown> | undefined {
  return currentPlace()?.task;
}

/**
 * Gives the event loop that runs now; undefined where there is none.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { currentLoop } from "@trestle/loop";
 *
 * console.log(currentLoop()?.time() ?? "no loop");
 * ```
 */
export function currentLoop(): EventLoop | undefined {
  return currentPlace()?.loop;
}

/**
 * Gives the event loop that runs now.
 *
 * Source: asyncio. Flavor: loop. It waits for nothing.
 *
 * @throws NoLoopError where there is none
 * @example
 * ```ts
 * import { getRunningLoop, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   getRunningLoop().callLater(10, () => console.log("ten milliseconds later"));
 * });
 * ```
 */
export function getRunningLoop(): EventLoop {
  return requireLoop("get the running event loop");
}

/** The loop that runs now; throws NoLoopError, which names the action, where there is none. */
export function requireLoop(action: string): EventLoop {
  const place = currentPlace();
  if (place === undefined) throw new NoLoopError(action);
  return place.loop;
}

/** The task that runs now; throws NoLoopError or NoTaskError, which name the action, where there is none. */
export function requireTask(action: string): Task<unknown> {
  const place = currentPlace();
  if (place === undefined) throw new NoLoopError(action);
  if (place.task === undefined) throw new NoTaskError(action);
  return place.task;
}

/**
 * Calls the function as code that no task runs: what it awaits is not registered with the caller's task. The loop stays
 * the current one, and the rest of the async context goes on.
 *
 * Source: ours, for code that crosses into another runtime. Flavor: either. It waits for nothing.
 *
 * @param fn called at once, with the arguments
 * @throws what the function throws
 * @example
 * ```ts
 * import { currentTask, withoutCurrentTask } from "@trestle/loop";
 *
 * withoutCurrentTask(() => currentTask()); // undefined
 * ```
 */
export function withoutCurrentTask<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
  const place = currentPlace();
  if (place?.task === undefined) return fn(...args);
  return runAt(place.loop[internals].place, fn, args);
}

/**
 * Makes a loop the running one for the code that follows in this async context, in no task, and for what that sets off. Gives
 * what takes it back.
 *
 * Source: asyncio's `_set_running_loop`, for code of another runtime that makes Futures and calls async functions. Flavor:
 * either. It waits for nothing and throws nothing.
 *
 * @param loop the loop, which somebody else runs
 * @example
 * ```ts
 * import { EventLoop, getRunningLoop, setRunningLoop } from "@trestle/loop";
 *
 * const loop = new EventLoop();
 * const takeBack = setRunningLoop(loop);
 * console.log(getRunningLoop() === loop); // true
 * takeBack();
 * ```
 */
export function setRunningLoop(loop: EventLoop): Release {
  const previous = currentPlace();
  enter(loop[internals].place);
  return () => enter(previous);
}

// When the last loop has closed nobody is to switch the context on again.
function enter(place: Place | undefined): void {
  if (ambient.loops > 0) ambient.storage?.enterWith(place as Place);
}
