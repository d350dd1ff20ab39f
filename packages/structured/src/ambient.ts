// The task that runs now. It is one per process, whichever copy of the package made it, and it is set exactly while a task's
// code runs, and while an abort function of one of its waits does.
import { processWide } from "@trestle/host";
import type { CancelScope } from "./cancel-scope.js";
import type { Variables } from "./context-var.js";
import { NoRunError } from "./no-run-error.js";
import type { RunState } from "./run/run-state.js";
import type { Task } from "./task.js";
import type { TaskRecord } from "./task-record.js";

/** The version of what copies of this package share: the fields of TaskRecord and of all that hangs on it. */
const SHAPE = 1;

/** Where in the source something happened, as lines of a stack: made when it is asked for. */
export type Place = () => string | undefined;

/** The places that belong to something left behind. */
export interface PlacesOfLeftover {
  /** Where it was opened or acquired. */
  readonly taken: string;
  /** Where its task was waiting last. */
  readonly left: string | undefined;
  /** The lines for a message. */
  readonly text: string;
}

/** The places that errors name, where somebody wants them to. */
export interface Places {
  /** A task is made in a run that is traced. */
  noteTask(task: Task<unknown>): void;
  /** A task comes to a checkpoint here. */
  noteCheckpoint(task: Task<unknown>): void;
  /** A scope is opened here. */
  noteScope(scope: CancelScope): void;
  /** Where a scope was opened. */
  ofScope(scope: CancelScope | undefined): Place | undefined;
  /** Where a task acquires what is given to it now. */
  ofHolder(task: Task<unknown>): Place | undefined;
  /** What an error says; undefined where nobody knows where it was taken. */
  ofLeftover(
    verb: "opened" | "acquired",
    taken: Place | undefined,
    task: Task<unknown>,
  ): PlacesOfLeftover | undefined;
}

interface Ambient {
  task: TaskRecord | undefined;
  /** The run that calls back, where it is no task of it that runs. */
  run: RunState | undefined;
  /** What the context variables have where no task runs, for a runtime that carries them. */
  carried: (() => Variables | undefined) | undefined;
  /** Runs what a task yields without a star, where it has a handler for that; undefined until the first one. */
  takeYield: ((task: TaskRecord, value: unknown) => boolean) | undefined;
  /** Undefined unless somebody wants errors to name places. */
  places: Places | undefined;
}

export const ambient = processWide<Ambient>("@trestle/structured", SHAPE, () => ({
  task: undefined,
  run: undefined,
  carried: undefined,
  takeYield: undefined,
  places: undefined,
}));

/** The task that runs now; throws NoRunError where there is none. */
export function requireTask(action: string): TaskRecord {
  const task = ambient.task;
  if (task === undefined) throw new NoRunError(action);
  return task;
}

/** The run of the task that runs now, or that calls back; throws NoRunError where there is none. */
export function requireRun(action: string): RunState {
  const state = ambient.task?.runner.state ?? ambient.run;
  if (state === undefined) throw new NoRunError(action);
  return state;
}
