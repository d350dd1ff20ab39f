// What nurseries and starting children have in common: some tasks in one cancel node, the errors that came out of them, and
// one task that waits until all have ended.
//
//   open ── the last child ends while the owner waits, or there is none ──▶ closed
//
// A failure of the body or of a child cancels the node, so the others end too. What is thrown at the end is one
// ExceptionGroup of all errors, or one Cancelled where there was nothing but cancellation.
import { ExceptionGroup } from "@trestle/host";
import { ambient } from "./ambient.js";
import type { CancelNode } from "./cancel-node.js";
import { isCancelled } from "./cancelled.js";
import type { StructuredFunction, Suspended } from "./operation.js";
import { SUSPEND } from "./suspend.js";
import type { Parked, TaskOwner } from "./task-parties.js";
import { isTask, TaskRecord } from "./task-record.js";

/** The key of a nursery's group, which copies of this package share. */
export const groupOf: unique symbol = Symbol.for("trestle.nursery-group");

export class ChildGroup implements TaskOwner, Parked {
  readonly parent: TaskRecord;
  readonly node: CancelNode;
  /** What shows in reports while the owner waits: "nursery". */
  readonly #what: string;
  readonly target: ChildGroup | undefined;
  /** Also those that are being started elsewhere, and will come. */
  #children = 0;
  #waiting = false;
  isClosed = false;
  /** Those of the body and of the children, in the order in which they came; undefined while there are none. */
  errors: unknown[] | undefined = undefined;
  /** The Cancelled that ended the body or a child, if any. */
  cancelled: unknown = undefined;

  /** @param target the group that its children will move to */
  constructor(parent: TaskRecord, node: CancelNode, what: string, target?: ChildGroup) {
    this.parent = parent;
    this.target = target;
    this.node = node;
    this.#what = what;
  }

  /** The children that have not ended, in the order in which they came. */
  get children(): TaskRecord[] {
    const children: TaskRecord[] = [];
    for (let member = this.node.firstMember; member !== null; member = member.nextMember) {
      if (isTask(member)) children.push(member);
    }
    return children;
  }

  /** Makes a task in this group, ready for its first turn. What its function throws when called is thrown here. */
  spawn<A extends unknown[]>(fn: StructuredFunction<A, unknown>, args: A): TaskRecord {
    const { runner } = this.parent;
    const task = new TaskRecord(runner, fn, this);
    // Started by code of another runtime, it has the variables that are carried there.
    if (ambient.task === undefined) task.variables = ambient.carried?.();
    this.adopt(task);
    try {
      task.begin(fn, args, "start a child");
    } catch (error) {
      task.owner.childExited(task);
      throw error;
    }
    runner.begin(task);
    return task;
  }

  /** Counts a child in. */
  adopt(task: TaskRecord): void {
    task.owner = this;
    this.#children++;
    this.node.addMember(task);
  }

  /** Moves all children, with whatever they have opened, into another group. */
  moveTo(target: ChildGroup): void {
    const { children } = this;
    const nodes = this.node.children();
    // All are taken out before any is woken: waking runs abort functions, which see one tree or the other.
    for (const node of nodes) node.move(target.node);
    for (const child of children) {
      this.node.removeMember(child);
      if (child.node === this.node) child.node = target.node;
      target.adopt(child);
    }
    this.#children -= children.length;
    for (const node of nodes) node.refresh();
    const { nursery } = target.node;
    for (const child of children) {
      if (nursery !== undefined) child.runner.instruments?.emit("taskMoved", child, nursery);
      child.offerCancel();
    }
    this.#wakeWhenDone();
  }

  /** Keeps the group open for a child that is to come. */
  expect(): void {
    this.#children++;
  }

  /** The child has come, or will not. */
  unexpect(): void {
    this.#children--;
    this.#wakeWhenDone();
  }

  childExited(task: TaskRecord): void {
    this.node.removeMember(task);
    this.#children--;
    if (task.hasFailed && !task.wasCancelledAlone) this.#add(task.ending, task);
    this.#wakeWhenDone();
  }

  bodyFailed(error: unknown): void {
    this.#add(error, this.parent);
  }

  /** The body has ended: closes when there are no children, else once the last one ends. Both take a turn of the owner. */
  waitForChildren(): IteratorResult<Suspended, never> {
    if (this.#children === 0) {
      this.isClosed = true;
      this.parent.yieldTurn();
    } else {
      this.#waiting = true;
      this.parent.park(this);
    }
    return SUSPEND;
  }

  /** The error of all errors; undefined where there are none. */
  gather(): ExceptionGroup | undefined {
    if (this.errors === undefined) return undefined;
    const { length } = this.errors;
    return new ExceptionGroup(
      `${length} error${length === 1 ? "" : "s"} in the ${this.#what} of task '${this.parent.name}'`,
      this.errors,
    );
  }

  // A cancel of the owner reaches the children by itself, through the tree; the owner waits for them all the same.
  withdraw(): boolean {
    return false;
  }

  toString(): string {
    const count = this.#children;
    return `the end of its ${this.#what} (${count} ${count === 1 ? "child" : "children"} left)`;
  }

  #add(error: unknown, task: TaskRecord): void {
    if (isCancelled(error)) this.cancelled = error;
    else (this.errors ??= []).push(error);
    if (this.node.cause === null)
      this.node.cancel({ kind: "nursery", reason: error, task: task.name });
  }

  #wakeWhenDone(): void {
    if (!this.#waiting || this.#children > 0) return;
    this.#waiting = false;
    this.isClosed = true;
    this.parent.wake(undefined);
  }
}
