// `nursery.start`: a child that runs under its caller until it reports that it has started, and then moves into the nursery.
//
// Until the report the child lives in a hidden group inside the caller, in whose scopes it is therefore; a link in the target
// nursery's node cancels the hidden group when the target is cancelled. What becomes of it:
//
//   first to happen                      child                            start
//   report                               moves to the nursery             gives the value
//   child's error, or its end            —                                throws the error; NotStartedError
//   caller cancelled                     cancelled                        Cancelled, when the child has ended
//   - and then a report                  stays under the caller           the value, if the child then ends normally
//   nursery cancelled                    cancelled                        NotStartedError, when the child has ended
//   - and then a report                  moves, and is cancelled there    gives the value
import { TrestleError } from "@trestle/host";
import { ambient, requireTask } from "./ambient.js";
import { CancelNode, type CancelMember } from "./cancel-node.js";
import { isCancelled } from "./cancelled.js";
import { ChildGroup } from "./child-group.js";
import { NurseryClosedError } from "./nursery-closed-error.js";
import { requireStructured } from "./operation-of.js";
import {
  refuseAwait,
  type Operation,
  type OperationIterator,
  type StructuredFunction,
  type Suspended,
} from "./operation.js";
import { returning } from "./suspend.js";
import type { TaskRecord } from "./task-record.js";

/** How a child tells `nursery.start` that it is ready. */
export interface TaskStatus<V = void> {
  /**
   * Reports, once. The child moves into the nursery, and `start` gives the value.
   *
   * @throws AlreadyStartedError the second time
   */
  started(value: V): void;
}

/** A child of `nursery.start` ended, or was given up, before it reported that it had started. */
export class NotStartedError extends TrestleError {
  static override readonly code = "TRESTLE_NOT_STARTED";

  constructor(child: string, why: string) {
    super(
      "NotStartedError",
      new.target.code,
      `Cannot start '${child || "anonymous"}': ${why}.\nIts first parameter is the status; call 'status.started(value)' when it is ready.`,
    );
  }
}

/** A child reported a second time that it had started. */
export class AlreadyStartedError extends TrestleError {
  static override readonly code = "TRESTLE_ALREADY_STARTED";

  constructor(child: string) {
    super(
      "AlreadyStartedError",
      new.target.code,
      `Cannot report twice that '${child}' has started.`,
    );
  }
}

export function startIn<V, A extends unknown[]>(
  target: ChildGroup,
  fn: StructuredFunction<[status: TaskStatus<V>, ...args: A], unknown>,
  args: A,
): Operation<V> {
  requireStructured(fn, "start a child");
  return new Start(target, fn, args);
}

class Start<V, A extends unknown[]>
  implements Operation<V>, OperationIterator<V>, TaskStatus<V>, CancelMember
{
  readonly #target: ChildGroup;
  readonly #fn: StructuredFunction<[status: TaskStatus<V>, ...args: A], unknown>;
  readonly #args: A;
  #used = false;
  #hidden: ChildGroup | undefined;
  #reported: { readonly value: V } | undefined;
  /** As a member of the target's node: told when the target is cancelled. */
  node: CancelNode;
  previousMember: CancelMember | null = null;
  nextMember: CancelMember | null = null;

  constructor(
    target: ChildGroup,
    fn: StructuredFunction<[status: TaskStatus<V>, ...args: A], unknown>,
    args: A,
  ) {
    this.#target = target;
    this.#fn = fn;
    this.#args = args;
    this.node = target.node;
  }

  [Symbol.iterator](): OperationIterator<V> {
    // A second run of the same operation starts a child of its own.
    if (this.#used) return new Start(this.#target, this.#fn, this.#args);
    this.#used = true;
    return this;
  }

  next(): IteratorResult<Suspended, V> {
    const task = requireTask("start a child");
    if (task.isResumed()) {
      task.take();
      return this.#finish(task);
    }
    if (this.#target.isClosed) throw new NurseryClosedError(this.#fn);
    const node = new CancelNode();
    node.attach(task.node);
    const hidden = (this.#hidden = new ChildGroup(
      task,
      node,
      `start of '${this.#fn.name}'`,
      this.#target,
    ));
    try {
      hidden.spawn(this.#fn, [this, ...this.#args]);
    } catch (error) {
      node.detach();
      throw error;
    }
    node.owner = task;
    task.node = node;
    this.#target.expect();
    this.#target.node.addMember(this);
    if (this.#target.node.catcher !== null) this.deliver();
    return hidden.waitForChildren();
  }

  deliver(): void {
    this.#hidden?.node.cancel({ kind: "start", reason: undefined, task: ambient.task?.name });
  }

  started(value: V): void {
    if (this.#reported !== undefined) throw new AlreadyStartedError(this.#fn.name || "anonymous");
    this.#reported = { value };
    const hidden = this.#hidden as ChildGroup;
    if (hidden.node.parent?.catcher === null) hidden.moveTo(this.#target);
  }

  #finish(task: TaskRecord): IteratorResult<Suspended, V> {
    const hidden = this.#hidden as ChildGroup;
    const { node } = hidden;
    this.#target.node.removeMember(this);
    this.#target.unexpect();
    task.leaveNode(node);
    // The child is the only one there, so there is one error at most.
    if (hidden.errors !== undefined) throw hidden.errors[0];
    if (isCancelled(hidden.cancelled) && node.catcher !== node) throw hidden.cancelled;
    if (hidden.cancelled === undefined && this.#reported !== undefined)
      return returning(this.#reported.value);
    throw new NotStartedError(
      this.#fn.name,
      node.cause?.kind === "start"
        ? `the nursery of task '${this.#target.parent.name}' that it was to move into was cancelled`
        : "it ended without having reported that it had started",
    );
  }

  then(_resolve: unknown, reject?: (reason: unknown) => void): void {
    refuseAwait(reject);
  }
}
