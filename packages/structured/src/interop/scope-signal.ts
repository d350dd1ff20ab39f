// A scope as an AbortSignal, for promise code. It is made when it is asked for, and told by the cancel tree as a task is: it
// stands among the members of its node.
//
// A task that has opened no scope is in its owner's node, and may move from one owner to another (see start.ts). Its signal
// is therefore that of the task's own node, which moves along and is taken away when the task ends.
import { ArgumentError, describe } from "@trestle/host";
import { requireTask } from "../ambient.js";
import type { CancelNode } from "../cancel-node.js";
import { type CancelMember } from "../cancel-node.js";
import { makeCancelled } from "../cancelled.js";
import { CancelScope, nodeOf } from "../cancel-scope.js";
import type { TaskRecord } from "../task-record.js";

/**
 * Gives an AbortSignal for promise code that a structured task sets off: it is aborted when the scope is cancelled.
 *
 * That is when a checkpoint in the scope would throw Cancelled: by its own `cancel` or deadline, by a scope further out, or
 * when the shield goes that has kept such a cancellation out. The signal's reason is a Cancelled, so `signal.reason.cause.reason`
 * is what was given to `cancel`. Once the block has been left, the signal stays as it is then: that of a block that ended without
 * being cancelled is never aborted. A scope has one signal, made when it is first asked for; a scope that nobody asks costs nothing.
 *
 * Waits for nothing. For a promise that you wait for on the spot, `abortable` does more: it also waits until the work has
 * stopped. Source: ours. Flavor: structured.
 *
 * @param scope the scope; unless given, the innermost one that the task which runs now is in. A child that has opened none has a signal
 * of its own, aborted when its nursery or the child alone is cancelled.
 * @throws NoRunError outside of a task, where no scope is given; ArgumentError for a scope that has not been entered, or what is
 * no CancelScope
 * @example
 * ```ts
 * import { fromPromise, moveOnAfter, run, scopeSignal } from "@trestle/structured";
 * import { setTimeout } from "node:timers/promises";
 *
 * await run(() =>
 *   moveOnAfter(10, function* () {
 *     const signal = scopeSignal();
 *     yield* fromPromise(setTimeout(1000, "late", { signal }));
 *   }),
 * );
 * ```
 */
export function scopeSignal(scope?: CancelScope): AbortSignal {
  if (scope === undefined) return signalOf(innermostOf(requireTask("give the signal of a scope")));
  if (!(scope instanceof CancelScope)) {
    throw new ArgumentError(
      `Cannot give the signal of ${describe(scope)}: a CancelScope is wanted.`,
    );
  }
  const node = nodeOf(scope);
  // What a scope sees of those around it is known from its entry on.
  if (node.owner === null) {
    throw new ArgumentError(
      "Cannot give the signal of a scope that has not been entered.\nAsk for it inside of the scope's block.",
    );
  }
  return signalOf(node);
}

const signals = new WeakMap<CancelNode, NodeSignal>();

function signalOf(node: CancelNode): AbortSignal {
  let signal = signals.get(node);
  if (signal === undefined) signals.set(node, (signal = new NodeSignal(node)));
  return signal.signal;
}

class NodeSignal implements CancelMember {
  readonly node: CancelNode;
  previousMember: CancelMember | null = null;
  nextMember: CancelMember | null = null;
  readonly #controller = new AbortController();

  constructor(node: CancelNode) {
    this.node = node;
    if (node.catcher === null) node.addMember(this);
    else this.#abort(node.catcher);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  deliver(): void {
    const { catcher } = this.node;
    if (catcher === null || this.#isLeft) return;
    this.node.removeMember(this);
    this.#abort(catcher);
  }

  /** Whether somebody has entered the node and gone out of it. A cancel of what was left reaches nobody. */
  get #isLeft(): boolean {
    return this.node.owner !== null && this.node.parent === null;
  }

  #abort(catcher: CancelNode): void {
    this.#controller.abort(makeCancelled(catcher));
  }
}

/** The node whose cancellation is that of the task, where it stands now. */
function innermostOf(task: TaskRecord): CancelNode {
  return task.node === task.owner.node ? task.ownNode : task.node;
}
