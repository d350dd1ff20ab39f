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
import { callStructured, currentHost, refusingAwait } from "@trestle/structured/lowlevel";
import { LoopBlock } from "./loop-block.js";
import { checkLoopOptions, type LoopOptions } from "./loop-options.js";
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
 * Source: trio-asyncio's `open_loop`, without its layers of groups; the grace period is ours. Flavor: structured.
 *
 * @param body receives the loop
 * @param options how many calls may wait in the loop's queue, how long the end waits for what does not stop
 * @throws the body's own error as it is; where the background has errors, one ExceptionGroup of all, among them a
 * ShutdownError that names what did not stop; WrongFlavorError for a body that is no structured function; ArgumentError for
 * options that do not fit
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
export function openLoop<T>(
  body: (loop: StructuredEventLoop) => Operation<T>,
  options: LoopOptions = {},
): Operation<T> {
  return refusingAwait(() => open(body, options));
}

function* open<T>(
  body: (loop: StructuredEventLoop) => Operation<T>,
  options: LoopOptions,
): Operation<T> {
  checkLoopOptions(options);
  const block = new LoopBlock(options);
  const loop = new StructuredEventLoop(currentHost(), block);
  const token = loopVariable.set(loop);
  block.variables.begin();
  let ending: Outcome<unknown>;
  try {
    ending = yield* openNursery(live, loop, block, body);
  } finally {
    block.end();
    loopVariable.reset(token);
  }
  if (block.errors.length === 0) return unwrap(ending) as T;
  throw groupOf(ending, block.errors);
}

function* live(
  outer: Nursery,
  loop: StructuredEventLoop,
  block: LoopBlock,
  body: (loop: StructuredEventLoop) => Operation<unknown>,
): Operation<Outcome<unknown>> {
  block.outer = outer;
  outer.startSoon(keepNursery, block);
  while (block.nursery === undefined) yield* cancelShieldedCheckpoint();
  const run = new LoopRun(loop, block);
  run.start();
  let ending: Outcome<unknown>;
  try {
    ending = success(yield* callStructured(body, [loop], "open a loop"));
  } catch (error) {
    ending = failure(error);
  }
  try {
    yield* new CancelScope({ shield: true }).run(shutDown, loop, block, run);
  } finally {
    block.closed();
  }
  return ending;
}

/** Keeps the nursery of the structured calls open until the loop has closed, whatever is cancelled around or in it. */
const keepNursery = named("loop", (block: LoopBlock): Operation<unknown> =>
  new CancelScope({ shield: true }).run(openCallNursery, block),
);

function openCallNursery(_shield: CancelScope, block: LoopBlock): Operation<void> {
  return openNursery(untilClosed, block);
}

function* untilClosed(nursery: Nursery, block: LoopBlock): Operation<void> {
  block.nursery = nursery;
  yield* block.closing();
}

function groupOf(ending: Outcome<unknown>, background: readonly unknown[]): ExceptionGroup {
  const isOwn = !ending.ok && !isCancelled(ending.error);
  const errors = isOwn ? [ending.error, ...background] : background;
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  return new ExceptionGroup(`${count} in the block of openLoop`, errors);
}
