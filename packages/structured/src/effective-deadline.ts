import { requireTask } from "./ambient.js";
import type { CancelNode } from "./cancel-node.js";

/**
 * Gives the earliest deadline that applies here, in milliseconds of `currentTime()`: of all scopes around, up to a shield.
 * -Infinity where the task is cancelled already, Infinity where there is no deadline.
 *
 * Source: Trio. Flavor: structured. It waits for nothing.
 *
 * @throws NoRunError where no structured task runs
 * @example
 * ```ts
 * import { currentEffectiveDeadline, failAfter, run } from "@trestle/structured";
 *
 * await run(() =>
 *   failAfter(100, function* () {
 *     console.log(currentEffectiveDeadline());
 *   }),
 * );
 * ```
 */
export function currentEffectiveDeadline(): number {
  const task = requireTask("tell the effective deadline");
  if (task.isCancelled) return -Infinity;
  let earliest = Infinity;
  for (
    let node: CancelNode | null = task.node;
    node !== null;
    node = node.shielded ? null : node.parent
  ) {
    earliest = Math.min(earliest, node.scope?.deadline ?? Infinity);
  }
  return earliest;
}
