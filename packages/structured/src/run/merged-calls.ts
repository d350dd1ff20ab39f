/** A function with its arguments. */
export interface Call {
  readonly fn: (...args: never[]) => unknown;
  readonly args: readonly unknown[];
}

/** Below a function one level for each argument. */
interface Branch {
  readonly branches: Map<unknown, Branch>;
  isCall: boolean;
}

/** The calls of which one is enough: equal ones, by function and by each argument, count once. */
export class MergedCalls {
  readonly #root = newBranch();

  /** Adds a call; answers false where there is an equal one. */
  add(call: Call): boolean {
    let branch = this.#root;
    for (const key of pathOf(call)) {
      let next = branch.branches.get(key);
      if (next === undefined) branch.branches.set(key, (next = newBranch()));
      branch = next;
    }
    if (branch.isCall) return false;
    return (branch.isCall = true);
  }

  remove(call: Call): void {
    const path = pathOf(call);
    const way = [this.#root];
    for (const [depth, key] of path.entries()) {
      const next = way[depth]?.branches.get(key);
      if (next === undefined) return;
      way.push(next);
    }
    (way[path.length] as Branch).isCall = false;
    for (let depth = path.length; depth > 0; depth--) {
      const { branches, isCall } = way[depth] as Branch;
      if (isCall || branches.size > 0) return;
      way[depth - 1]?.branches.delete(path[depth - 1]);
    }
  }
}

function newBranch(): Branch {
  return { branches: new Map(), isCall: false };
}

function pathOf({ fn, args }: Call): unknown[] {
  return [fn, ...args];
}
