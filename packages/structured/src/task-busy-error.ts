import { TrestleError } from "@trestle/host";

/** An operation was run in a task that waits for another one. Only an operation driven by hand can do that. */
export class TaskBusyError extends TrestleError {
  static override readonly code = "TRESTLE_TASK_BUSY";

  constructor(task: string) {
    super(
      "TaskBusyError",
      new.target.code,
      `Cannot run another operation in task '${task}': it waits already.\n` +
        "Run operations by 'yield*' only; do not call 'next' on them.",
    );
  }
}
