// Where scopes were opened and where tasks wait, for the errors about what a task has left behind. A stack costs more than what
// those errors are about, so nobody takes one unless somebody asks.
import { ambient, type Place, type Places, type PlacesOfLeftover } from "./ambient.js";
import type { CancelScope } from "./cancel-scope.js";
import type { Instrument } from "./instrument.js";
import type { Task } from "./task.js";

/**
 * Makes an instrument with which errors about something that was left behind name the places in the source: where a scope was
 * opened that its task left open (ScopeLeftOpenError), where a lock was acquired whose holder has died (BrokenResourceError), and
 * where that task was waiting last.
 *
 * It takes a stack at every checkpoint, which costs some microseconds: for tests, and for looking into something.
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
    taskSpawned: (task) => places.noteTask(task),
    scopeEntered: (scope) => places.noteScope(scope),
    taskCheckpoint: (task) => places.noteCheckpoint(task),
  };
}

/** The stacks as they were taken; the platform makes a text of one when it is asked for. */
class PlaceBook implements Places {
  readonly #scopes = new WeakMap<CancelScope, Place>();
  readonly #traced = new WeakSet<Task<unknown>>();
  /** The last one that each task has come to. */
  readonly #checkpoints = new WeakMap<Task<unknown>, Place>();

  noteTask(task: Task<unknown>): void {
    this.#traced.add(task);
  }

  noteScope(scope: CancelScope): void {
    this.#scopes.set(scope, placeHere());
  }

  noteCheckpoint(task: Task<unknown>): void {
    this.#checkpoints.set(task, placeHere());
  }

  ofScope(scope: CancelScope | undefined): Place | undefined {
    return scope === undefined ? undefined : this.#scopes.get(scope);
  }

  /** One who acquires does so right here; one to whom it is handed has waited at his last checkpoint. */
  ofHolder(task: Task<unknown>): Place | undefined {
    if (!this.#traced.has(task)) return undefined;
    return ambient.task === task ? placeHere() : this.#checkpoints.get(task);
  }

  ofLeftover(
    verb: string,
    place: Place | undefined,
    task: Task<unknown>,
  ): PlacesOfLeftover | undefined {
    const taken = place?.();
    if (taken === undefined) return undefined;
    const left = this.#checkpoints.get(task)?.();
    const was = left === undefined ? "" : `and its task waited last\n${indented(left)}`;
    return { taken, left, text: `It was ${verb}\n${indented(taken)}${was}` };
  }
}

function placeHere(): Place {
  const holder: { stack?: string | undefined } = {};
  const { stackTraceLimit } = Error;
  // The innermost lines are this package's own.
  Error.stackTraceLimit = Math.max(stackTraceLimit, DEPTH);
  if (Error.captureStackTrace === undefined) holder.stack = new Error("here").stack;
  else Error.captureStackTrace(holder);
  Error.stackTraceLimit = stackTraceLimit;
  return () => callersIn(holder.stack);
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

function indented(lines: string): string {
  return `${lines.replaceAll(/^/gmu, "  ")}\n`;
}
