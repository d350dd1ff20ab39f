import { TrestleError } from "@trestle/host";

/** Something that is wrong with how an operation ends when it is cancelled. */
export interface CancellationFinding {
  /**
   * - `swallowed`: code caught its Cancelled and ran on
   * - `failed`: an error came out in place of the Cancelled
   * - `hung`: the operation did not end: it waits in a shield, or goes round and round
   * - `alive`: a task that it started outside of itself goes on
   * - `open`: a resource is open
   * - `locked`: a lock is held
   * - `unreached`: the operation took another course than before, so the checkpoint did not come
   */
  readonly kind: "swallowed" | "failed" | "hung" | "alive" | "open" | "locked" | "unreached";
  /** The number of the checkpoint at which the operation was cancelled, from 1 on. */
  readonly checkpoint: number;
  /** The name of the task that was at that checkpoint; undefined where it did not come. */
  readonly task: string | undefined;
  /** What is wrong, in words. */
  readonly message: string;
  /** The stack at that checkpoint. */
  readonly stack: string | undefined;
  /** The error that came out, for `failed` and `hung`. */
  readonly error: unknown;
}

/** An operation does not end cleanly when it is cancelled. */
export class CancellationFindingsError extends TrestleError {
  static override readonly code = "TRESTLE_CANCELLATION_FINDINGS";
  /** Each thing that was found. */
  readonly findings: readonly CancellationFinding[];

  constructor(name: string, findings: readonly CancellationFinding[]) {
    const cause = findings.find(({ error }) => error !== undefined)?.error;
    super(
      "CancellationFindingsError",
      new.target.code,
      `Cannot cancel ${name} cleanly:\n${findings.map(lineOf).join("\n")}\n` +
        "'findings' has the stack at each of these checkpoints.",
      cause === undefined ? undefined : { cause },
    );
    this.findings = findings;
  }
}

function lineOf({ checkpoint, task, message }: CancellationFinding): string {
  const where = task === undefined ? "" : `, in task '${task}'`;
  return `  at checkpoint ${checkpoint}${where}: ${message.replaceAll("\n", "\n    ")}`;
}

/**
 * What came of cancelling an operation at each of its checkpoints: `cancelAtEachCheckpoint` gives it.
 *
 * Source: ours. Flavor: structured.
 *
 * @example
 * ```ts
 * import { sleep } from "@trestle/structured";
 * import { cancelAtEachCheckpoint } from "@trestle/structured/testing";
 *
 * const report = await cancelAtEachCheckpoint(() => sleep(10));
 * report.throwIfFound();
 * ```
 */
export class CancellationReport {
  /** How many checkpoints the operation passes when nobody cancels it. */
  readonly checkpoints: number;
  /** What is wrong, in the order of the checkpoints. */
  readonly findings: readonly CancellationFinding[];
  readonly #name: string;

  /** @param name of the operation, for the error */
  constructor(name: string, checkpoints: number, findings: readonly CancellationFinding[]) {
    this.#name = name;
    this.checkpoints = checkpoints;
    this.findings = findings;
  }

  /** @throws CancellationFindingsError where there are findings, with all of them */
  throwIfFound(): void {
    if (this.findings.length > 0) throw new CancellationFindingsError(this.#name, this.findings);
  }
}
