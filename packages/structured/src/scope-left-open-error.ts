import { TrestleError } from "@trestle/host";

/** The places in the source that belong to something left behind, as `tracePlaces` knows them. */
export interface PlacesOfLeftover {
  /** Where it was opened or acquired. */
  readonly taken: string | undefined;
  /** Where its task was waiting last. */
  readonly left: string | undefined;
}

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
  constructor(task: string, what: string, { taken, left }: PlacesOfLeftover) {
    super(
      "ScopeLeftOpenError",
      new.target.code,
      `Cannot end task '${task}' properly: it left ${what} open.\n` +
        `${placesText("opened", taken, left)}Run operations by 'yield*' only; do not call 'next' on them.`,
    );
    this.openedAt = taken;
    this.leftAt = left;
  }
}

/** The lines for a message; where nothing is known, how to get to know it. */
export function placesText(
  verb: string,
  taken: string | undefined,
  left: string | undefined,
): string {
  if (taken === undefined) return "To see where, run it with 'instruments: [tracePlaces()]'.\n";
  const was = `It was ${verb}\n${indented(taken)}`;
  if (left === undefined) return was;
  return `${was}and its task waited last\n${indented(left)}`;
}

function indented(lines: string): string {
  return `${lines.replaceAll(/^/gmu, "  ")}\n`;
}
