// Whether code can be cancelled and lets others run, which are two things: `checkpointIfCancelled` gives no turn, and
// `cancelShieldedCheckpoint` cannot be cancelled. A checkpoint is both.
import { TrestleError } from "@trestle/host";
import { takeOut } from "../add-instrument.js";
import { requireTask } from "../ambient.js";
import type { Instrument } from "../instrument.js";
import { callStructured } from "../operation-of.js";
import type { Operation, StructuredFunction } from "../operation.js";
import { refusingAwait } from "../refusing-await.js";

/** A body has passed no checkpoint although one was asserted, or has passed one although none was. */
export class CheckpointError extends TrestleError {
  static override readonly code = "TRESTLE_CHECKPOINT";

  constructor(message: string, cause?: unknown) {
    super("CheckpointError", new.target.code, message, cause === undefined ? undefined : { cause });
  }
}

/** What a task has passed. */
interface Passed {
  /** Where it could have been cancelled. */
  cancelPoints: number;
  /** Where it gave up its turn. */
  turns: number;
}

/**
 * Runs a body, and throws unless it has passed a checkpoint: at least one place where it can be cancelled, and at least one
 * where others get a turn. Both have to be in the task that asserts, not in its children. Gives the body's value; an error of
 * the body comes out as it is.
 *
 * Waits for the body. Source: Trio. Flavor: structured.
 *
 * @param body a structured function, called with `args`
 * @throws CheckpointError; whatever the body throws
 * @example
 * ```ts
 * import { run, sleep } from "@trestle/structured";
 * import { assertCheckpoints } from "@trestle/structured/testing";
 *
 * await run(() => assertCheckpoints(() => sleep(0)));
 * ```
 */
export function assertCheckpoints<A extends unknown[], T>(
  body: StructuredFunction<A, T>,
  ...args: A
): Operation<T> {
  return refusingAwait(() => passing(body, args));
}

function* passing<A extends unknown[], T>(body: StructuredFunction<A, T>, args: A): Operation<T> {
  const passed: Passed = { cancelPoints: 0, turns: 0 };
  const value = yield* counting(passed, body, args, "assert checkpoints");
  if (passed.cancelPoints > 0 && passed.turns > 0) return value;
  throw new CheckpointError(
    `Cannot confirm that ${nameOf(body)} passes a checkpoint: ${what(passed)}.\n` +
      "Let it end with 'yield* checkpoint()' where it has nothing to wait for.",
  );
}

/**
 * Runs a body, and throws if it has passed a checkpoint: a place where it can be cancelled, or one where others get a turn.
 * Gives the body's value.
 *
 * Waits for the body. Source: Trio. Flavor: structured.
 *
 * @param body a structured function, called with `args`
 * @throws CheckpointError, with the body's error as its cause where there is one; else whatever the body throws
 * @example
 * ```ts
 * import { Event, run } from "@trestle/structured";
 * import { assertNoCheckpoints } from "@trestle/structured/testing";
 *
 * const event = new Event();
 * await run(() =>
 *   assertNoCheckpoints(function* () {
 *     event.set();
 *   }),
 * );
 * ```
 */
export function assertNoCheckpoints<A extends unknown[], T>(
  body: StructuredFunction<A, T>,
  ...args: A
): Operation<T> {
  return refusingAwait(() => passingNone(body, args));
}

function* passingNone<A extends unknown[], T>(
  body: StructuredFunction<A, T>,
  args: A,
): Operation<T> {
  const passed: Passed = { cancelPoints: 0, turns: 0 };
  let value: T;
  try {
    value = yield* counting(passed, body, args, "assert no checkpoints");
  } catch (error) {
    refuse(passed, body, error);
    throw error;
  }
  refuse(passed, body, undefined);
  return value;
}

function* counting<A extends unknown[], T>(
  passed: Passed,
  body: StructuredFunction<A, T>,
  args: A,
  action: string,
): Operation<T> {
  const own = requireTask(action);
  const counter: Instrument = {
    taskCheckpoint: (task) => {
      if (task === own) passed.cancelPoints++;
    },
    beforeTaskStep: (task) => {
      if (task === own) passed.turns++;
    },
  };
  own.runner.addInstrument(counter);
  try {
    return yield* callStructured(body, args, action);
  } finally {
    takeOut(counter, own.runner);
  }
}

function refuse(passed: Passed, body: unknown, cause: unknown): void {
  if (passed.cancelPoints === 0 && passed.turns === 0) return;
  throw new CheckpointError(
    `Cannot confirm that ${nameOf(body)} passes no checkpoint: ${what(passed)}.\n` +
      "Keep what has to happen without interruption free of operations that wait.",
    cause,
  );
}

function what({ cancelPoints, turns }: Passed): string {
  const cancel = cancelPoints === 0 ? "it could not be cancelled" : "it could be cancelled";
  return `${cancel}, and ${turns === 0 ? "never gave up" : "gave up"} its turn`;
}

function nameOf(body: unknown): string {
  const name = typeof body === "function" ? body.name : "";
  return name === "" ? "the body" : `'${name}'`;
}
