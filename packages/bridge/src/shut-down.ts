// The end of a loop's block, in the order of trio-asyncio: what is queued gets its first step; then structured calls and loop
// tasks are cancelled, at the same time and once each, and awaited, with all that they start while they unwind; then what is
// to be closed with the loop is closed, and the loop stops and closes.
//
// It ends: what unwinds may make tasks that unwind and make tasks, but not for ever; and where the block has a grace period,
// what has not stopped by then is reported and left.
import { allTasks, type Task } from "@trestle/loop";
import { fromPromise, moveOnAfter, type CancelScope, type Operation } from "@trestle/structured";
import { abandonedIn, isAbandoned } from "./abandoned.js";
import type { CallCount, LoopBlock } from "./loop-block.js";
import type { LoopRun } from "./loop-run.js";
import { ShutdownError } from "./shutdown-error.js";
import type { StructuredEventLoop } from "./structured-event-loop.js";
import { warn } from "./warn.js";

/** So many times what unwinds may make something new; what comes then does not start. */
const MOST_GENERATIONS = 100;

/** Ends everything that lives in the loop, and the loop. It is to be called in a shielded scope. */
export function* shutDown(
  _shield: CancelScope,
  loop: StructuredEventLoop,
  block: LoopBlock,
  run: LoopRun,
): Operation<void> {
  const wasStopped = !loop.isRunning();
  run.keepUp();
  if (!wasStopped) yield* loop.synchronize();
  if (block.shutdownGrace === Number.POSITIVE_INFINITY) {
    yield* unwind(undefined, loop, block);
  } else {
    const { cancelledCaught } = yield* moveOnAfter(block.shutdownGrace, unwind, loop, block);
    if (cancelledCaught) cutOff(loop, block);
  }
  tellAbandoned(loop, block);
  yield* run.end();
  yield* fromPromise(loop.close());
}

/** What structured code has let go of is not waited for; the program should know that it goes on. */
function tellAbandoned(loop: StructuredEventLoop, block: LoopBlock): void {
  const left = abandonedIn(loop);
  if (left.length === 0) return;
  block.leave();
  const count = left.length === 1 ? "a call" : `${left.length} calls`;
  const lines = left.map((future) => `  ${future.describe()}`);
  warn(
    "TRESTLE_ABANDONED",
    [
      `The block of openLoop has ended while ${count} went on that a cancellation had let go of.`,
      ...lines,
    ].join("\n"),
  );
}

function* unwind(
  _grace: CancelScope | undefined,
  loop: StructuredEventLoop,
  block: LoopBlock,
): Operation<void> {
  for (let generation = 1; isAlive(loop, block); generation++) {
    if (generation > MOST_GENERATIONS) seal(loop, block);
    yield* endGeneration(loop, block);
    if (block.isSealed) break;
    // What unwinding tasks have started gets its first step, and is cancelled then.
    yield* loop.synchronize();
  }
  block.isSealed = false;
  if (block.hasGenerators) yield* finish(loop.createTask(closeGenerators, loop), block);
  for (let close = block.closers?.take(); close !== undefined; close = block.closers?.take())
    yield* finish(loop.createTask(close), block);
}

function closeGenerators(loop: StructuredEventLoop): Promise<void> {
  return loop.shutdownAsyncgens();
}

/** Waits for a task that is part of the shutdown. */
function* finish(task: Task<unknown>, block: LoopBlock): Operation<void> {
  task.addDoneCallback(() => {
    collectError(task, block);
    block.changed();
  });
  while (!task.done()) yield* block.nextChange(task.name);
}

function isAlive(loop: StructuredEventLoop, block: LoopBlock): boolean {
  return block.calls.alive > 0 || isAwaited(allTasks(loop));
}

/** Whether there is one that nobody has let go of. */
function isAwaited(tasks: ReadonlySet<Task<unknown>>): boolean {
  for (const task of tasks) if (!isAbandoned(task)) return true;
  return false;
}

/** Cancels what is alive now, and waits until all of it has ended. */
function* endGeneration(loop: StructuredEventLoop, block: LoopBlock): Operation<void> {
  const tasks = allTasks(loop);
  const calls = block.takeCalls();
  for (const task of tasks) {
    task.addDoneCallback(() => {
      tasks.delete(task);
      collectError(task, block);
      block.changed();
    });
  }
  cancelOnce([...tasks], block);
  while (calls.alive > 0 || isAwaited(tasks)) yield* block.nextChange(describeLeft(tasks, calls));
}

function cancelOnce(tasks: readonly Task<unknown>[], block: LoopBlock): void {
  const asked = tasks.map((task) => task.cancelling());
  block.nursery?.cancelScope.cancel("the block of openLoop has ended");
  for (const [i, task] of tasks.entries()) {
    // One that a structured call or another task waits for has been asked by that already.
    if (task.cancelling() === asked[i]) task.cancel();
  }
}

function collectError(task: Task<unknown>, block: LoopBlock): void {
  if (task.cancelled()) return;
  const error = task.exception();
  if (error !== undefined) block.terminate(error);
}

/** What a shutdown waits for, in a few words, whatever the number. */
function describeLeft(tasks: ReadonlySet<Task<unknown>>, calls: CallCount): string {
  const all = tasks.size + calls.alive;
  const first = tasks.values().next().value?.describe() ?? "a structured call";
  return `the end of ${first}${all > 1 ? ` and ${all - 1} more` : ""} in the loop of openLoop`;
}

/** Lets nothing start any more: it would never end. */
function seal(loop: StructuredEventLoop, block: LoopBlock): void {
  block.isSealed = true;
  const why = `what unwinds has made new tasks ${MOST_GENERATIONS} times over`;
  block.cutOff(new ShutdownError(why, leftIn(loop, block)));
}

/** The grace has passed: the loop closes, whatever is left. */
function cutOff(loop: StructuredEventLoop, block: LoopBlock): void {
  const why = `it goes on ${block.shutdownGrace} ms after it was cancelled`;
  block.cutOff(new ShutdownError(why, leftIn(loop, block)));
  for (const error of block.closers?.closeAtOnce() ?? []) block.terminate(error);
}

function leftIn(loop: StructuredEventLoop, block: LoopBlock): string[] {
  const tasks = allTasks(loop).size > 0 ? (block.host?.waiting ?? []) : [];
  const calls = (block.nursery?.childTasks ?? []).map((task) => `structured task '${task.name}'`);
  const queued = block.calls.alive - calls.length;
  if (queued > 0)
    calls.push(`${queued === 1 ? "a structured call" : `${queued} structured calls`} in the queue`);
  return [...tasks, ...calls, ...(block.closers?.left ?? [])];
}
