// How work is timed in an event loop, alone and inside of a structured run.
//
// One loop stays open from the first sample on, as in a program that has one. Without it each sample would switch the
// platform's AsyncLocalStorage on and off, for which V8 throws away what it has compiled, and would measure the compiler. So
// everything in the rows of loops, native code too, pays what an AsyncLocalStorage in use costs.
import { openLoop } from "@trestle/bridge";
import { ioLayer } from "@trestle/io/loop";
import { EventLoop, run } from "@trestle/loop";
import { run as runStructured } from "@trestle/structured";
import { timed } from "./stopwatch.js";

let kept: EventLoop | undefined;

/** Has an AsyncLocalStorage in use from now on, that of a loop. */
export function keepLoop(): void {
  kept ??= new EventLoop();
}

/** Times work in a task of a loop that runs alone. */
export function timedInLoop(work: () => Promise<unknown>): Promise<number> {
  keepLoop();
  return run(() => timed(work));
}

/** Times work in a task of a loop that runs alone, and can watch descriptors. */
export function timedOnDescriptors(work: () => Promise<unknown>): Promise<number> {
  keepLoop();
  return run(() => timed(work), { io: ioLayer });
}

/** Times work in a task of a loop that lives in a structured run. */
export function timedInHostedLoop(work: () => Promise<unknown>): Promise<number> {
  keepLoop();
  return runStructured(() => openLoop((loop) => loop.runAsync(timed, work)));
}
