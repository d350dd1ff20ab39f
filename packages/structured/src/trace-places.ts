// Where scopes were opened and where tasks wait, for the errors about what a task has left behind. A stack costs more than what
// those errors are about, so nobody takes one unless somebody asks.
import { ambient, type Place, type Places } from "./ambient.js";
import type { CancelScope } from "./cancel-scope.js";
import type { Instrument } from "./instrument.js";
import type { Task } from "./task.js";

/**
 * Makes an instrument with which errors about something that was left behind name the places in the source: where a scope was
 * opened that its task left open (ScopeLeftOpenError), where a lock was acquired whose holder has died (BrokenResourceError), and
 * where that task was waiting last.
 *
 * It takes a stack at every checkpoint, which costs some microseconds: for tests, and for looking into something. From the first
 * call on locks remember where they were acquired in all runs of the process.
 *
 * Source: ours. Flavor: structured. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { Lock, openNursery, run, tracePlaces } from "@trestle/structured";
 *
 * const lock = new Lock();
 * function* forgetful() {
 *   yield* lock.acquire();
 * }
 * await run(
 *   () =>
 *     openNursery(function* (nursery) {
 *       yield* nursery.startSoon(forgetful).join();
 *       yield* lock.acquire(); // throws an error that names the line in 'forgetful'
 *     }),
 *   { instruments: [tracePlaces()] },
 * ).catch((error: unknown) => console.error(error));
 * ```
 */
export function tracePlaces(): Instrument {
  const places = (ambient.places ??= new PlaceBook());
  return {
    scopeEntered: (scope) => places.noteScope(scope),
    taskCheckpoint: (task) => places.noteTask(task),
  };
}

class PlaceBook implements Places {
  readonly #scopes = new WeakMap<CancelScope, Place>();
  readonly #tasks = new WeakMap<Task<unknown>, Place>();

  here(): Place {
    const holder: { stack?: string | undefined } = {};
    const { stackTraceLimit } = Error;
    // The innermost lines are this package's own.
    Error.stackTraceLimit = Math.max(stackTraceLimit, DEPTH);
    if (Error.captureStackTrace === undefined) holder.stack = new Error("here").stack;
    else Error.captureStackTrace(holder);
    Error.stackTraceLimit = stackTraceLimit;
    return () => callersIn(holder.stack);
  }

  noteScope(scope: CancelScope): void {
    this.#scopes.set(scope, this.here());
  }

  noteTask(task: Task<unknown>): void {
    this.#tasks.set(task, this.here());
  }

  ofScope(scope: CancelScope | undefined): Place | undefined {
    return scope === undefined ? undefined : this.#scopes.get(scope);
  }

  ofTask(task: Task<unknown>): Place | undefined {
    return this.#tasks.get(task);
  }
}

const DEPTH = 40;
const LINE = /(?:^|[\s(@])(\S*[\\/])[^\\/\s]*:\d+:\d+\)?$/u;

/**
 * The lines of whoever called into this package, without those of the package: the first ones that are of another folder. Where
 * an application is bundled into one file they cannot be told apart, and all are given.
 */
function callersIn(stack = ""): string | undefined {
  const lines = stack.split("\n").filter((line) => LINE.test(line));
  const [, ourFolder = ""] = LINE.exec(lines[0] ?? "") ?? [];
  const isOurs = (line: string): boolean => line.includes(ourFolder);
  const first = lines.findIndex((line) => !isOurs(line));
  const callers = lines.slice(Math.max(0, first));
  const end = first < 0 ? -1 : callers.findIndex(isOurs);
  return (end < 0 ? callers : callers.slice(0, end)).map((line) => line.trim()).join("\n");
}
