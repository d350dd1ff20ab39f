// The plumbing of cancellation: a tree of nodes, one for each scope, with the members to wake. It knows no task.
//
// `catcher` is all the state that a checkpoint looks at: the outermost cancelled node that this node can see, walking up
// until a shield; null where it sees none. A node is cancelled, in effect, when it has a catcher, and it catches what
// unwinds when it is its own. Cancel, shield and reparent recompute it for the subtree; nothing else writes it.
//
// The links are ordinary fields: nodes made by two copies of this package hang in one tree, and private names would not fit.
import type { CancelCause } from "./cancelled.js";
import type { CancelScope } from "./cancel-scope.js";
import type { Nursery } from "./nursery.js";

/** Somebody who wants to be woken when the node that it stands at becomes cancelled. */
export interface CancelMember {
  /** The innermost node that applies to the member. */
  node: CancelNode;
  /** Neighbours among the members of the node that the member was added to. */
  previousMember: CancelMember | null;
  nextMember: CancelMember | null;
  /** The node is cancelled now: wake up. Called at most once for each change. */
  deliver(): void;
  /** A node that the member owns was cancelled itself: for those who watch. */
  noteCancel?(node: CancelNode): void;
}

export class CancelNode {
  parent: CancelNode | null = null;
  catcher: CancelNode | null = null;
  /** Set for ever by the first cancel. */
  cause: CancelCause | null = null;
  shielded = false;
  /** The scope that the node belongs to, for whoever catches. */
  scope: CancelScope | undefined;
  /** The nursery whose children start in the node. */
  nursery: Nursery | undefined;
  /** Who entered; woken while this node is the innermost. */
  owner: CancelMember | null = null;
  /** The children of a nursery; each is woken while this node is its innermost. */
  firstMember: CancelMember | null = null;
  lastMember: CancelMember | null = null;
  firstChild: CancelNode | null = null;
  lastChild: CancelNode | null = null;
  previous: CancelNode | null = null;
  next: CancelNode | null = null;

  /** Hangs the node under a parent (before any member waits at it). */
  attach(parent: CancelNode): void {
    this.link(parent);
    this.catcher = this.see();
  }

  detach(): void {
    const parent = this.parent;
    if (parent === null) return;
    if (this.previous === null) parent.firstChild = this.next;
    else this.previous.next = this.next;
    if (this.next === null) parent.lastChild = this.previous;
    else this.next.previous = this.previous;
    this.parent = this.previous = this.next = null;
  }

  /** Moves the node, with all that is under it, under another parent; its state follows at the next `refresh`. */
  move(parent: CancelNode): void {
    this.detach();
    this.link(parent);
  }

  /** The nodes right below. */
  children(): CancelNode[] {
    const children: CancelNode[] = [];
    for (let child = this.firstChild; child !== null; child = child.next) children.push(child);
    return children;
  }

  addMember(member: CancelMember): void {
    member.previousMember = this.lastMember;
    member.nextMember = null;
    if (this.lastMember === null) this.firstMember = member;
    else this.lastMember.nextMember = member;
    this.lastMember = member;
  }

  removeMember(member: CancelMember): void {
    const { previousMember, nextMember } = member;
    if (previousMember === null) this.firstMember = nextMember;
    else previousMember.nextMember = nextMember;
    if (nextMember === null) this.lastMember = previousMember;
    else nextMember.previousMember = previousMember;
    member.previousMember = member.nextMember = null;
  }

  /** Cancels, for ever. Only the first cause counts. */
  cancel(cause: CancelCause): void {
    if (this.cause !== null) return;
    this.cause = cause;
    this.owner?.noteCancel?.(this);
    this.refresh();
  }

  shield(shielded: boolean): void {
    if (this.shielded === shielded) return;
    this.shielded = shielded;
    this.refresh();
  }

  /**
   * Recomputes the catchers of the subtree, and then wakes who became cancelled: waking runs abort functions, which may
   * cancel and shield in turn, so the tree is settled before the first of them runs.
   */
  refresh(): void {
    const woken: CancelMember[] = [];
    const changed: CancelNode[] = [this];
    for (let node = changed.pop(); node !== undefined; node = changed.pop()) {
      const catcher = node.see();
      if (catcher === node.catcher) continue;
      const wakes = node.catcher === null;
      node.catcher = catcher;
      if (wakes) node.collect(woken);
      for (let child = node.lastChild; child !== null; child = child.previous) changed.push(child);
    }
    for (const member of woken) if (member.node.catcher !== null) member.deliver();
  }

  see(): CancelNode | null {
    const above = this.shielded || this.parent === null ? null : this.parent.catcher;
    return above ?? (this.cause === null ? null : this);
  }

  collect(woken: CancelMember[]): void {
    if (this.owner !== null && this.owner.node === this) woken.push(this.owner);
    for (let member = this.firstMember; member !== null; member = member.nextMember) {
      if (member.node === this) woken.push(member);
    }
  }

  link(parent: CancelNode): void {
    this.parent = parent;
    this.previous = parent.lastChild;
    if (parent.lastChild === null) parent.firstChild = this;
    else parent.lastChild.next = this;
    parent.lastChild = this;
  }
}
