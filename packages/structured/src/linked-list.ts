/** The links of something that can stand in one list at a time. */
export interface Linked<N> {
  before: N | null;
  after: N | null;
}

/** A first-in, first-out list from whose middle a member is taken in constant time, without memory of its own. */
export class LinkedList<N extends Linked<N>> {
  first: N | null = null;
  #last: N | null = null;
  size = 0;

  push(node: N): void {
    node.before = this.#last;
    node.after = null;
    if (this.#last === null) this.first = node;
    else this.#last.after = node;
    this.#last = node;
    this.size++;
  }

  /** Takes the first one out. */
  shift(): N | null {
    const { first } = this;
    if (first !== null) this.remove(first);
    return first;
  }

  remove(node: N): void {
    const { before, after } = node;
    if (before === null) this.first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
    node.before = node.after = null;
    this.size--;
  }
}
