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

/** The places that errors name, where somebody wants them to. */
export interface Places {
  here(): Place;
  /** Where a scope was opened. */
  ofScope(scope: CancelScope | undefined): Place | undefined;
  /** The last checkpoint that a task came to. */
  ofTask(task: Task<unknown>): Place | undefined;
  /** A scope is opened here. */
  noteScope(scope: CancelScope): void;
  /** A task comes to a checkpoint here. */
  noteTask(task: Task<unknown>): void;
}

interface Ambient {
  task: TaskRecord | undefined;
  /** The run that calls back, where it is no task of it that runs. */
  run: RunState | undefined;
  /** What the context variables have where no task runs, for a runtime that carries them. */
  carried: (() => Variables | undefined) | undefined;
  /** Undefined unless somebody wants errors to name places. */
  places: Places | undefined;
}

export const ambient = processWide<Ambient>("@trestle/structured", SHAPE, () => ({
  task: undefined,
  run: undefined,
  carried: undefined,
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
