import { TrestleError } from "@trestle/host";
import { ambient, type PlacesOfLeftover } from "./ambient.js";
import type { CancelNode } from "./cancel-node.js";
import type { Task } from "./task.js";

/**
 * A task ended inside a cancel scope or nursery that it had opened. Only an operation driven by hand can do that. The message
 * names both places where the run has `tracePlaces()` among its instruments.
 */
export class ScopeLeftOpenError extends TrestleError {
  static override readonly code = "TRESTLE_SCOPE_LEFT_OPEN";
  /** Where the scope was opened, as lines of a stack; undefined where nobody traces places. */
  readonly openedAt: string | undefined;
  /** Where the task was waiting last before it ended, as lines of a stack; undefined where it never did, or nobody traces. */
  readonly leftAt: string | undefined;

  /** @param what what was left: "scope 'requests'" */
  constructor(task: string, what: string, places: PlacesOfLeftover | undefined) {
    super(
      "ScopeLeftOpenError",
      new.target.code,
      `Cannot end task '${task}' properly: it left ${what} open.\n${places?.text ?? howToSeePlaces}` +
        "Run operations by 'yield*' only; do not call 'next' on them.",
    );
    this.openedAt = places?.taken;
    this.leftAt = places?.left;
  }
}

export const howToSeePlaces = "To see where, run it with 'instruments: [tracePlaces()]'.\n";

/** The error for a task that has left a node of a scope or nursery behind. */
export function leftOpen(task: Task<unknown>, { scope, nursery }: CancelNode): ScopeLeftOpenError {
  const kind = nursery === undefined ? "scope" : "nursery";
  const what = scope?.name === undefined ? `a ${kind}` : `${kind} '${scope.name}'`;
  const { places } = ambient;
  const known = places?.ofLeftover("opened", places.ofScope(scope), task);
  return new ScopeLeftOpenError(task.name, what, known);
}
