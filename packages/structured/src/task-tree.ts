// Reading the tree of tasks, for reports: who is where, and what each waits for.
import type { CancelMember, CancelNode } from "./cancel-node.js";
import { isTask, type TaskRecord } from "./task-record.js";

const MOST_LINES = 20;

/** The tasks whose innermost scope is this node or one below, in the order of the tree. */
export function tasksUnder(root: CancelNode): TaskRecord[] {
  const members: CancelMember[] = [];
  const nodes = [root];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    node.collect(members);
    nodes.push(...node.children().reverse());
  }
  return members.filter(isTask);
}

/** A line for each task that is parked there, with what it waits for; a long list is cut. */
export function blockedUnder(root: CancelNode): string[] {
  const lines = tasksUnder(root).flatMap((task) =>
    task.parked === null ? [] : [`task '${task.name}' waits for ${String(task.parked)}`],
  );
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more`];
}
