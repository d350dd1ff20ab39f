// The task that runs now. It is one per process, whichever copy of the package made it, and it is set exactly while a task's
// code runs, and while an abort function of one of its waits does.
import { processWide } from "@trestle/host";
import { NoRunError } from "./no-run-error.js";
import type { TaskRecord } from "./task-record.js";

/** The version of what copies of this package share: the fields of TaskRecord and of all that hangs on it. */
const SHAPE = 1;

interface Ambient {
  task: TaskRecord | undefined;
}

export const ambient = processWide<Ambient>("@trestle/structured", SHAPE, () => ({
  task: undefined,
}));

/** The task that runs now; throws NoRunError where there is none. */
export function requireTask(action: string): TaskRecord {
  const task = ambient.task;
  if (task === undefined) throw new NoRunError(action);
  return task;
}
