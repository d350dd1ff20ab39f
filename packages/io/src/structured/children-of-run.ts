// The processes of a run that no block ends: a system task does, when main has ended. One that may go on is let go of.
import { CancelScope, RunVar, sleepForever, type Operation } from "@trestle/structured";
import { currentHost, spawnSystemTask, suspend } from "@trestle/structured/lowlevel";
import type { Child } from "../process/child.js";
import { endChildren } from "../process/end-child.js";

const variable = new RunVar<Set<Child> | undefined>("children of the run", {
  defaultValue: undefined,
});

/**
 * Gives the children that end with the current run; see `endWithRun`.
 *
 * @throws RunFinishedError where the run is ending; NoRunError
 */
export function childrenOfRun(): Set<Child> {
  const known = variable.get();
  if (known !== undefined) return known;
  const children = new Set<Child>();
  spawnSystemTask(endAll, children);
  variable.set(children);
  return children;
}

/** Has a child end with the run, unless it ends and its pipes are closed before. */
export function endWithRun(child: Child, children: Set<Child>): void {
  children.add(child);
  child.whenGone(() => children.delete(child));
}

function* endAll(children: Set<Child>): Operation<void> {
  try {
    yield* sleepForever();
  } finally {
    variable.set(undefined);
    const wait = endChildren(children, currentHost());
    const shield = new CancelScope({ shield: true, name: "the ends of processes" });
    yield* shield.run(() => suspend(wait, "the ends of the run's processes"));
  }
}
