// What a task does now, for people who look for a fault.
import { core } from "./internals.js";
import type { TaskRun } from "./task-run.js";
import type { Task } from "./task.js";

/** What a task waits for and where, and where it was made; the stack of its error where it has failed. */
export function stackOf(task: Task<unknown>, run: TaskRun): string {
  const { state, value, stacks } = task[core];
  if (state === "failed") return value instanceof Error ? (value.stack ?? "") : String(value);
  if (state !== "pending") return "";
  const lines = [run.describe()];
  run.waits.forEach((wait) => {
    if (wait.stack !== undefined)
      lines.push(`  it waits for ${wait.future.describe()}`, wait.stack);
  });
  if (stacks !== undefined) lines.push("  it was made", stacks.made);
  return lines.join("\n");
}
