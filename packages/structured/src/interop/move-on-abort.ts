import type { Release } from "@trestle/host";
import { onAbort, requireSignal } from "./abort-listeners.js";
import { block, type Body, type Frame } from "../block.js";
import { CancelScope, catches, enterScope, leaveScope } from "../cancel-scope.js";
import type { ScopeResult } from "../scope-options.js";
import type { Operation, Suspended } from "../operation.js";
import { returning } from "../suspend.js";
import type { TaskRecord } from "../task-record.js";

/**
 * Runs a body until an AbortSignal is aborted; then cancels it and goes on.
 *
 * Waits for the body. The cancellation has the signal's reason: `error.cause.reason` of each Cancelled is `signal.reason`, the
 * very object. A signal that is aborted already cancels the body at its first checkpoint. However many blocks hang on one
 * signal, it has one listener, which is gone when the last block has ended. A signal keeps neither the process alive nor a
 * virtual clock from jumping. Source: ours. Flavor: structured.
 *
 * @param signal an AbortSignal
 * @param body receives the scope, then `args`
 * @throws whatever the body throws; ArgumentError, at the call, for what is no AbortSignal
 * @example
 * ```ts
 * import { moveOnAbort, run, sleep } from "@trestle/structured";
 *
 * const controller = new AbortController();
 * setTimeout(() => controller.abort("the user has left"), 10);
 *
 * const result = await run(() =>
 *   moveOnAbort(controller.signal, function* () {
 *     yield* sleep(1000);
 *     return "done";
 *   }),
 * );
 * console.log(result.cancelledCaught ? "stopped" : result.value);
 * ```
 */
export function moveOnAbort<A extends unknown[], T>(
  signal: AbortSignal,
  body: Body<CancelScope, A, T>,
  ...args: A
): Operation<ScopeResult<T>> {
  requireSignal(signal, ACTION);
  return block(new AbortFrame<T>(signal), body, args);
}

const ACTION = "move on when a signal is aborted";

class AbortFrame<T> implements Frame<CancelScope, T, ScopeResult<T>> {
  readonly action = ACTION;
  readonly #signal: AbortSignal;
  readonly #scope = new CancelScope();
  #release: Release | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  enter(task: TaskRecord): CancelScope {
    enterScope(this.#scope, task);
    this.#release = onAbort(this.#signal, (reason) => this.#scope.cancel(reason), ACTION);
    return this.#scope;
  }

  leave(
    task: TaskRecord,
    failed: boolean,
    value: unknown,
  ): IteratorResult<Suspended, ScopeResult<T>> {
    this.#release?.();
    const caught = failed && catches(this.#scope, value);
    leaveScope(this.#scope, task);
    if (caught) return returning<ScopeResult<T>>({ cancelledCaught: true, value: undefined });
    if (failed) throw value;
    return returning<ScopeResult<T>>({ cancelledCaught: false, value: value as T });
  }
}
