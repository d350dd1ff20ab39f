// A cancellation goes from a task to what it waits for, which may be another task, and so on. Up to a depth this is plain
// recursion, in whose order everything is woken; what lies deeper is put off until the calls have returned, so that a chain
// may have any length. Where the chain leads back to a task, nothing in it could ever take the cancellation: then that task's
// own wait is broken off, unless what is on its way already ends it.
import { makeCancelledError } from "./cancelled-error.js";
import { internals } from "./internals.js";
import type { Ready } from "./ready.js";
import type { TaskRun } from "./task-run.js";

const DEEPEST = 100;

type Offer = readonly [run: TaskRun, message: string | undefined];

let depth = 0;
let isGoingOn = false;
let putOff: Offer[] = [];
/** Offers that have been made while something below them was put off: the chain may still lead back to them. */
let unfinished: Offer[] = [];

/** Cancels what a task waits for; where there is nothing to cancel, the task keeps it. */
export function offerCancellation(run: TaskRun, message: string | undefined): void {
  if (run.isOffering) run.cameBack = true;
  else if (depth === DEEPEST) putOff.push([run, message]);
  else offer(run, message);
  if (depth === 0 && !isGoingOn && putOff.length > 0) goOn();
}

function offer(run: TaskRun, message: string | undefined): void {
  run.isOffering = true;
  depth++;
  try {
    run.cancelWaits(message);
  } finally {
    depth--;
    if (isGoingOn || putOff.length > 0) unfinished.push([run, message]);
    else finish([run, message]);
  }
}

function goOn(): void {
  isGoingOn = true;
  try {
    // The list grows while it is gone through.
    for (const [run, message] of putOff) offerCancellation(run, message);
  } finally {
    isGoingOn = false;
    const offers = unfinished;
    putOff = [];
    unfinished = [];
    offers.forEach(finish);
  }
}

function finish([run, message]: Offer): void {
  run.isOffering = false;
  if (!run.cameBack) return;
  run.cameBack = false;
  run.loop[internals].scheduler.enqueue(new BreakOff(run, message));
}

/** Breaks the waits of a task off that nothing else has ended by then. */
class BreakOff implements Ready {
  readonly withdrawn = false;
  readonly #run: TaskRun;
  readonly #message: string | undefined;

  constructor(run: TaskRun, message: string | undefined) {
    this.#run = run;
    this.#message = message;
  }

  step(): boolean {
    this.#run.breakOff(makeCancelledError(this.#message), "all");
    return true;
  }
}
