// All tasks of a loop that have not ended, in the order of their making: for the shutdown, for a deadlock's report, and so
// that no task is collected while it waits.
//
// It also counts the tasks that wait for nothing of the loop's: they await somebody else's promise. While there are any, a
// resting loop holds its host, so that a virtual clock does not run past the promise.
import type { Host, Release } from "@trestle/host";
import type { TaskRun } from "./task-run.js";

/** The tasks of a loop that are alive. */
export class TaskBook {
  readonly #host: Host;
  readonly #poke: () => void;
  #first: TaskRun | undefined;
  #last: TaskRun | undefined;
  #numbered = 0;
  #elsewhere = 0;
  #release: Release | undefined;
  /** Tasks that ended while functions that they called and left still wait. */
  readonly survived = new Set<TaskRun>();

  /** @param poke makes the loop rest anew, which brings the hold up to date */
  constructor(host: Host, poke: () => void) {
    this.#host = host;
    this.#poke = poke;
  }

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** The number of a task: where its function has no name it is called by that. */
  nextNumber(): number {
    return ++this.#numbered;
  }

  add(run: TaskRun): void {
    run.previous = this.#last;
    if (this.#last === undefined) this.#first = run;
    else this.#last.next = run;
    this.#last = run;
  }

  remove(run: TaskRun): void {
    if (run.previous === undefined) this.#first = run.next;
    else run.previous.next = run.next;
    if (run.next === undefined) this.#last = run.previous;
    else run.next.previous = run.previous;
    run.previous = undefined;
    run.next = undefined;
  }

  /** The tasks that are alive now. */
  list(): TaskRun[] {
    const runs: TaskRun[] = [];
    for (let run = this.#first; run !== undefined; run = run.next) runs.push(run);
    return runs;
  }

  /** Counts a task in that waits for nothing of the loop's. */
  wentElsewhere(): void {
    this.#elsewhere++;
  }

  /** Counts it out. */
  cameBack(): void {
    if (--this.#elsewhere === 0 && this.#release !== undefined) this.#poke();
  }

  /** Holds the host, or lets it go: nothing of the loop's is ready. */
  rested(): void {
    if (this.#elsewhere === 0) this.letGo();
    else
      this.#release ??= this.#host.hold("a promise that a task of the event loop awaits", notAlive);
  }

  letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

const notAlive = { keepAlive: false };
