import { TrestleError } from "@trestle/host";

/** A task was to be started in a task group that has ended or is shutting down. */
export class TaskGroupClosedError extends TrestleError {
  static override readonly code = "TRESTLE_TASK_GROUP_CLOSED";

  constructor(action: string, state: "finished" | "shutting down") {
    super(
      "TaskGroupClosedError",
      new.target.code,
      `Cannot ${action}: the task group is ${state}.\nStart tasks before the group's block ends and before one of its tasks fails.`,
    );
  }
}
