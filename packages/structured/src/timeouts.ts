import { TrestleError } from "@trestle/host";
import { block, type Body, type Frame } from "./block.js";
import { blockedUnder } from "./task-tree.js";
import { CancelScope, catches, enterScope, leaveScope, nodeOf, onExpire } from "./cancel-scope.js";
import type { CancelScopeOptions, ScopeResult } from "./scope-options.js";
import { checkDuration, checkInstant } from "./durations.js";
import type { Operation, Suspended } from "./operation.js";
import { returning } from "./suspend.js";
import type { TaskRecord } from "./task-record.js";

/** A block took longer than it was given. The message tells where the tasks in it were waiting; the cause is what they threw. */
export class TooSlowError extends TrestleError {
  static override readonly code = "TRESTLE_TOO_SLOW";
  /** A line for each task that was waiting inside the block when the time was up. */
  readonly blocked: readonly string[];

  constructor(what: string, blocked: readonly string[], options?: ErrorOptions) {
    super(
      "TooSlowError",
      new.target.code,
      [`Cannot finish ${what}.`, ...blocked.map((line) => `  ${line}`)].join("\n"),
      options,
    );
    this.blocked = blocked;
  }
}

/** A `failAfter` block was cancelled by hand, so it has neither a value nor an error to give. */
export class ScopeCancelledError extends TrestleError {
  static override readonly code = "TRESTLE_SCOPE_CANCELLED";

  constructor() {
    super(
      "ScopeCancelledError",
      new.target.code,
      "Cannot give a value of 'failAfter': its scope was cancelled by hand.\nUse 'moveOnAfter' where that is meant.",
    );
  }
}

/**
 * Runs a body for at most so many milliseconds; then cancels it and goes on.
 *
 * Waits for the body. Source: Trio. Flavor: structured.
 *
 * @param ms the time from now in milliseconds, 0 or more
 * @param body receives the scope, whose deadline can be moved, then `args`
 * @throws whatever the body throws; ArgumentError for a negative time, NaN, or what is no number
 * @example
 * ```ts
 * import { moveOnAfter, run, sleep } from "@trestle/structured";
 *
 * const result = await run(() =>
 *   moveOnAfter(10, function* () {
 *     yield* sleep(1000);
 *     return "done";
 *   }),
 * );
 * console.log(result.cancelledCaught ? "too slow" : result.value);
 * ```
 */
export function moveOnAfter<A extends unknown[], T>(
  ms: number,
  body: Body<CancelScope, A, T>,
  ...args: A
): Operation<ScopeResult<T>> {
  return new CancelScope({ relativeDeadline: checkDuration(ms, "move on after a time") }).run(
    body,
    ...args,
  );
}

/**
 * Runs a body until an instant, in milliseconds of `currentTime()`; then cancels it and goes on.
 *
 * Waits for the body. Source: Trio. Flavor: structured.
 *
 * @param at the instant in milliseconds; it may have passed
 * @param body receives the scope, then `args`
 * @throws whatever the body throws; ArgumentError for NaN, or what is no number
 * @example
 * ```ts
 * import { currentTime, moveOnAt, run, sleepForever } from "@trestle/structured";
 *
 * await run(() => moveOnAt(currentTime() + 10, () => sleepForever()));
 * ```
 */
export function moveOnAt<A extends unknown[], T>(
  at: number,
  body: Body<CancelScope, A, T>,
  ...args: A
): Operation<ScopeResult<T>> {
  return new CancelScope({ deadline: checkInstant(at, "move on at an instant") }).run(
    body,
    ...args,
  );
}

/**
 * Runs a body, and fails if it takes more than so many milliseconds.
 *
 * Waits for the body. A cancellation from outside is passed on and is no failure of this block. Source: Trio, which fails
 * also after a `cancel()` and does not say where. Flavor: structured.
 *
 * @param ms the time from now in milliseconds, 0 or more
 * @param body receives the scope, whose deadline can be moved, then `args`
 * @throws TooSlowError, which names what was being waited for; whatever the body throws; ArgumentError for a negative time,
 * NaN, or what is no number
 * @example
 * ```ts
 * import { failAfter, run, sleep } from "@trestle/structured";
 *
 * await run(() =>
 *   failAfter(1000, function* () {
 *     yield* sleep(10);
 *   }),
 * );
 * ```
 */
export function failAfter<A extends unknown[], T>(
  ms: number,
  body: Body<CancelScope, A, T>,
  ...args: A
): Operation<T> {
  const options = { relativeDeadline: checkDuration(ms, "fail after a time") };
  return block(new FailFrame<T>(options, `within ${ms} ms`), body, args);
}

/**
 * Runs a body, and fails if it goes on past an instant, in milliseconds of `currentTime()`.
 *
 * Waits for the body. Source: Trio. Flavor: structured.
 *
 * @param at the instant in milliseconds; it may have passed
 * @param body receives the scope, then `args`
 * @throws TooSlowError; whatever the body throws; ArgumentError for NaN, or what is no number
 * @example
 * ```ts
 * import { currentTime, failAt, run, sleep } from "@trestle/structured";
 *
 * await run(() => failAt(currentTime() + 1000, () => sleep(10)));
 * ```
 */
export function failAt<A extends unknown[], T>(
  at: number,
  body: Body<CancelScope, A, T>,
  ...args: A
): Operation<T> {
  return block(
    new FailFrame<T>({ deadline: checkInstant(at, "fail at an instant") }, `by the time ${at} ms`),
    body,
    args,
  );
}

class FailFrame<T> implements Frame<CancelScope, T, T> {
  readonly action = "enter a scope with a deadline";
  readonly #scope: CancelScope;
  readonly #limit: string;
  #blocked: readonly string[] = [];

  constructor(options: CancelScopeOptions, limit: string) {
    this.#scope = new CancelScope(options);
    this.#limit = limit;
  }

  enter(task: TaskRecord): CancelScope {
    onExpire(this.#scope, (node) => {
      this.#blocked = blockedUnder(node);
    });
    enterScope(this.#scope, task);
    return this.#scope;
  }

  leave(task: TaskRecord, failed: boolean, value: unknown): IteratorResult<Suspended, T> {
    const caught = failed && catches(this.#scope, value);
    leaveScope(this.#scope, task);
    if (!failed) return returning(value as T);
    if (!caught) throw value;
    if (nodeOf(this.#scope).cause?.kind !== "deadline") throw new ScopeCancelledError();
    throw new TooSlowError(`${task.name} ${this.#limit}`, this.#blocked, { cause: value });
  }
}
