// What is wrong with one attempt to cancel an operation, from what the injection has seen.
import { ArgumentError, describe } from "@trestle/host";
import type { CancellationFinding } from "./cancellation-report.js";
import type { Leftover } from "./cancellation-watch.js";
import type { Injection } from "./injection.js";

export const MOST_STEPS = 100_000;
const MOST_MS = 60_000;
const MOST_CANCELLEDS = 10;

/** How long a cancelled operation may take. */
export interface Patience {
  /** After so many turns of tasks an operation that was cancelled counts as hung; 100,000 unless given. */
  readonly mostSteps?: number;
  /** After so many milliseconds of the run's time it counts as hung; a minute unless given. */
  readonly mostMs?: number;
  /**
   * How often a task may be thrown Cancelled until it has ended; more often counts as swallowing it. 10 unless given: code
   * that cleans up may well try some checkpoints.
   */
  readonly mostCancelleds?: number;
}

/** Throws ArgumentError for a patience that would never end, or not begin. */
export function checkPatience(patience: Patience): void {
  for (const limit of ["mostSteps", "mostMs", "mostCancelleds"] as const) {
    const value = patience[limit] ?? 0;
    if (typeof value === "number" && value >= 0) continue;
    throw new ArgumentError(
      `Cannot inject cancellations with ${describe(value)} as '${limit}': a number, 0 or more, is wanted.`,
    );
  }
}

/** One run of the operation, and what became of it beside of what the injection has seen. */
export interface Attempt {
  readonly injection: Injection;
  /** Whether it was given up, or was parked for ever. */
  readonly hasHung: boolean;
  /** The error that the run as a whole ended with. */
  readonly error?: unknown;
}

interface Found {
  readonly kind: CancellationFinding["kind"];
  readonly message: string;
  readonly error?: unknown;
}

/**
 * @param checkpoint the number of the checkpoint where it was cancelled
 * @param usual what the operation leaves when nobody cancels it, which it may leave also when the cancellation came too late
 */
export function findingsOf(
  checkpoint: number,
  attempt: Attempt,
  usual: readonly Leftover[],
  patience: Patience,
): CancellationFinding[] {
  const { place } = attempt.injection;
  return found(attempt, usual, patience).map((each) => ({
    error: undefined,
    ...each,
    checkpoint,
    task: place?.task,
    stack: place?.stack,
  }));
}

function found(attempt: Attempt, usual: readonly Leftover[], patience: Patience): Found[] {
  const { injection, hasHung, error } = attempt;
  if (injection.place === undefined) {
    const message = "it did not get there; let it take the same course each time";
    return [{ kind: "unreached", message }];
  }
  if (hasHung) return [{ kind: "hung", message: hangOf(attempt), error }];
  return [
    ...swallowed(injection, patience.mostCancelleds ?? MOST_CANCELLEDS),
    ...failed(attempt),
    ...late(injection, patience.mostMs ?? MOST_MS),
    ...left(injection, usual),
  ];
}

function hangOf({ injection, error }: Attempt): string {
  if (error !== undefined) return `it waits for ever: ${describe(error)}`;
  return injection.ending === undefined
    ? "it goes on and on; is there a loop in a shield, or one that catches Cancelled?"
    : "it has ended, but what it started goes on and on";
}

function swallowed({ ending, thrown, swallowers }: Injection, most: number): Found[] {
  const names = new Set(swallowers);
  if (names.size === 0 && ending?.how === "value" && thrown.size > 0) names.add("");
  for (const [task, times] of thrown) if (times > most) names.add(task.name);
  return [...names].map((name) => ({
    kind: "swallowed",
    message:
      `${name === "" ? "it" : `task '${name}'`} caught its Cancelled and ran on; ` +
      "write 'if (isCancelled(error)) throw error' where everything is caught",
  }));
}

function failed({ injection, error }: Attempt): Found[] {
  const { ending } = injection;
  if (ending?.how === "error") {
    const message = `it failed, in place of being cancelled: ${describe(ending.error)}`;
    return [{ kind: "failed", message, error: ending.error }];
  }
  if (error === undefined) return [];
  return [{ kind: "failed", message: `what it started failed: ${describe(error)}`, error }];
}

function late({ elapsedMs }: Injection, most: number): Found[] {
  if (elapsedMs <= most) return [];
  return [
    { kind: "hung", message: `it took another ${elapsedMs} ms; is a shield without deadline?` },
  ];
}

function left({ ending, leftovers }: Injection, usual: readonly Leftover[]): Found[] {
  const isUsual = ({ kind, name }: Leftover): boolean =>
    ending?.how === "value" && usual.some((other) => other.kind === kind && other.name === name);
  return leftovers
    .filter((leftover) => !isUsual(leftover))
    .map(({ kind, name }) => ({ kind, message: messages[kind](name) }));
}

const messages: Readonly<Record<Leftover["kind"], (name: string) => string>> = {
  alive: (name) => `task '${name}' goes on after it has ended`,
  open: (name) => `'${name}' is left open`,
  locked: (name) => `'${name}' is left held`,
};
