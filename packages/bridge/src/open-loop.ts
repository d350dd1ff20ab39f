// The block that a loop lives in.
//
//   caller's scopes
//   └─ outer nursery ── the body: reached by cancellations from outside, and by an error of the background
//      └─ one task, shielded: the nursery of the structured calls, until the loop has closed
//
// Errors do not travel through these nurseries: the body's is kept, those of the background are collected, and what leaves the
// block is the body's own error as it is, or one group of all where the background has any.
import { ExceptionGroup, failure, success, unwrap, type Outcome } from "@trestle/host";
import {
  cancelShieldedCheckpoint,
  CancelScope,
  isCancelled,
  named,
  openNursery,
  type Nursery,
  type Operation,
} from "@trestle/structured";
import { callStructured, currentHost } from "@trestle/structured/lowlevel";
import { LoopBlock } from "./loop-block.js";
import { LoopRun } from "./loop-run.js";
import { loopVariable } from "./loop-variable.js";
import { shutDown } from "./shut-down.js";
import { StructuredEventLoop } from "./structured-event-loop.js";

/**
 * Runs a body with an event loop, through which it and everything that it starts can call loop code, and be called by it.
 *
 * Waits for the body, then shuts the loop down: what is queued starts, then all tasks of the loop and all structured calls are
 * cancelled once and awaited, then the loop closes. A cancellation from outside reaches the body only; the rest is cancelled
 * when the body has ended. An error that nobody else would see, such as one thrown by a callback, cancels the body and comes
 * out of the block.
 *
 * Source: trio-asyncio's `open_loop`, without its layers of groups. Flavor: structured.
 *
 * @param body receives the loop
 * @throws the body's own error as it is; where the background has errors, one ExceptionGroup of all; WrongFlavorError for a
 * body that is no structured function
 * @example
 * ```ts
 * import { asStructured, openLoop } from "@trestle/bridge";
 * import { sleep } from "@trestle/loop";
 * import { run } from "@trestle/structured";
 *
 * await run(() =>
 *   openLoop(function* () {
 *     yield* asStructured(sleep)(10);
 *   }),
 * );
 * ```
 */
export function* openLoop<T>(body: (loop: StructuredEventLoop) => Operation<T>): Operation<T> {
  const block = new LoopBlock();
  const loop = new StructuredEventLoop(currentHost(), block);
  const token = loopVariable.set(loop);
  let ending: Outcome<T> = failure(undefined);
  try {
    yield* openNursery(function* (outer) {
      ending = yield* live(outer, loop, block, body);
    });
  } finally {
    loopVariable.reset(token);
  }
  if (block.errors.length === 0) return unwrap(ending);
  throw groupOf(ending, block.errors);
}

function* live<T>(
  outer: Nursery,
  loop: StructuredEventLoop,
  block: LoopBlock,
  body: (loop: StructuredEventLoop) => Operation<T>,
): Operation<Outcome<T>> {
  block.outer = outer;
  outer.startSoon(named("loop", () => keepNursery(block)));
  while (block.nursery === undefined) yield* cancelShieldedCheckpoint();
  const run = new LoopRun(loop, block);
  run.start();
  let ending: Outcome<T>;
  try {
    ending = success(yield* callStructured(body, [loop], "open a loop")) as Outcome<T>;
  } catch (error) {
    ending = failure(error);
  }
  try {
    yield* new CancelScope({ shield: true }).run(() => shutDown(loop, block, run));
  } finally {
    block.closed();
  }
  return ending;
}

/** Keeps the nursery of the structured calls open until the loop has closed, whatever is cancelled around or in it. */
function* keepNursery(block: LoopBlock): Operation<void> {
  yield* new CancelScope({ shield: true }).run(() =>
    openNursery(function* (nursery) {
      block.nursery = nursery;
      yield* block.closing();
    }),
  );
}

function groupOf(ending: Outcome<unknown>, background: readonly unknown[]): ExceptionGroup {
  const isOwn = !ending.ok && !isCancelled(ending.error);
  const errors = isOwn ? [ending.error, ...background] : background;
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  return new ExceptionGroup(`${count} in the block of openLoop`, errors);
}
