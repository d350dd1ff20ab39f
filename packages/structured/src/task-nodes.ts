// The nodes of the cancel tree that belong to one task: between its owner's and the innermost that the task is in.
import { CancelNode } from "./cancel-node.js";
import { leftOpen, type ScopeLeftOpenError } from "./scope-left-open-error.js";
import type { TaskRecord } from "./task-record.js";

/** Puts a node of the task's own between its owner's node and all that it has opened. */
export function insertOwnNode(task: TaskRecord): CancelNode {
  const base = task.owner.node;
  const own = new CancelNode();
  own.owner = task;
  own.attach(base);
  if (task.node === base) {
    task.node = own;
  } else {
    let outermost = task.node;
    while (outermost.parent !== base) outermost = outermost.parent as CancelNode;
    outermost.move(own);
  }
  return own;
}

/**
 * Takes the nodes of a task that ends out of the tree, and gives the error for a scope that it has left open. Block forms
 * cannot; an operation that is driven by hand can.
 *
 * @param ownNode what `insertOwnNode` has given, if it was asked
 */
export function closeNodes(
  task: TaskRecord,
  ownNode: CancelNode | undefined,
): ScopeLeftOpenError | undefined {
  const base = task.owner.node;
  let error: ScopeLeftOpenError | undefined;
  while (task.node !== base) {
    const { node } = task;
    if (node !== ownNode) {
      error ??= leftOpen(task, node);
      node.cancel({ kind: "explicit", reason: error, task: task.name });
    }
    task.node = node.parent as CancelNode;
    node.detach();
  }
  return error;
}
