// Seeing the Cancelleds that a task is thrown. Whether a cancellation is thrown is decided where a task takes what it was woken
// with, after its wait has had the last word, so that is where to look; the two methods are covered on the one task alone.
import { isCancelled } from "../cancelled.js";
import { RUNNING } from "../phase.js";
import type { TaskRecord } from "../task-record.js";

/** Calls back whenever the task is thrown a Cancelled, at the moment before. */
export function watchCancelled(task: TaskRecord, thrown: (error: unknown) => void): void {
  const take = task.take.bind(task);
  const cancelled = task.cancelled.bind(task);
  task.take = () => {
    try {
      return take();
    } catch (error) {
      if (isCancelled(error)) thrown(error);
      throw error;
    }
  };
  task.cancelled = () => {
    const error = cancelled();
    // A task that is parked is only offered it, and takes it later or not at all; one that runs throws it itself.
    if (task.phase === RUNNING) thrown(error);
    return error;
  };
}
