// What a run is for those who look into it: variables, system tasks, calls from outside, statistics. The run itself is
// run.ts's, which is a door for promises; everything else knows it by this interface, `runner.state`.
import type { CancelNode } from "../cancel-node.js";
import type { MicrotaskDoor } from "../microtask-door.js";
import type { Variables } from "../context-var.js";
import type { Runner } from "../runner.js";
import type { RunServices } from "./run-services.js";
import type { TaskRecord } from "../task-record.js";

export interface RunState {
  readonly runner: Runner;
  /** The node of the main task, and of all that it starts. */
  readonly node: CancelNode;
  readonly main: TaskRecord;
  /** The values of RunVars; undefined while none is set. */
  values: Map<object, unknown> | undefined;
  /** What goes on beside main; undefined while nothing does. */
  services: RunServices | undefined;
  /** The door for microtasks; undefined until somebody wants it. */
  door?: MicrotaskDoor;
  /** The context variables that `run` was called with. */
  readonly variables: Variables | undefined;
}

/** Gives a task the variables and the async context that `run` was called with. */
export function inherit(task: TaskRecord, state: RunState): void {
  task.variables = state.variables;
  // Where a task has none, the runner gives it the run's.
  task.context = undefined;
}
