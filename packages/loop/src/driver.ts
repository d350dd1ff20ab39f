// A run of the loop from its start to its stop, and the report of a loop that nothing can wake any more.
import type { DeadlockError, Host, Release, WatchedParty } from "@trestle/host";
import { Scheduler, type SchedulerOwner } from "./scheduler.js";
import { TaskBook } from "./task-book.js";
import type { TaskRun } from "./task-run.js";

/** Starts and stops a loop's scheduler, and knows what for. */
export class Driver implements SchedulerOwner, WatchedParty {
  readonly scheduler: Scheduler;
  readonly tasks: TaskBook;
  readonly #host: Host;
  #goal = "";
  #end: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  #unwatch: Release | undefined;
  #told: DeadlockError | undefined;
  #reports = 0;

  constructor(host: Host) {
    this.#host = host;
    this.scheduler = new Scheduler(host, this);
    this.tasks = new TaskBook(host, () => this.scheduler.poke());
  }

  /**
   * Runs the scheduler until it is stopped.
   *
   * @param goal what for: "main is done"
   */
  run(goal: string): Promise<void> {
    this.#goal = goal;
    this.#told = undefined;
    this.#reports = 0;
    this.#unwatch = this.#host.watch?.(this);
    this.scheduler.start();
    return new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
  }

  /** Runs what is ready now, and nothing that this makes ready. */
  runOnce(): Promise<void> {
    this.scheduler.stop();
    return this.run("what was ready has run");
  }

  rested(): void {
    this.tasks.rested();
  }

  halted(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.tasks.letGo();
    this.#end?.resolve();
    this.#end = undefined;
  }

  stuck(): readonly string[] {
    if (this.#end === undefined) return [];
    const lines = this.tasks.list().map((run) => run.describe());
    return lines.length > 0 ? lines : [`the event loop runs until ${this.#goal}`];
  }

  /**
   * Nothing can wake what waits: the report is thrown where tasks wait for something else than tasks, and the others see to
   * what becomes of these; where that is not enough, in all. A task that waits for somebody else's promise cannot be
   * interrupted and is given up; so is everything that still waits at the third time.
   */
  deadlock(error: DeadlockError): void {
    const runs = this.tasks.list();
    this.#reports++;
    if (this.#reports > 2) for (const run of runs) run.abandon(error);
    else if (this.#reports > 1 || !throwInto(runs, error, "leaves")) throwInto(runs, error, "all");
    this.#told ??= error;
    if (runs.length > 0) return;
    this.#end?.reject(this.#told);
    this.scheduler.stop();
  }
}

/** Throws an error into tasks; gives whether there were any to throw it into. */
function throwInto(runs: readonly TaskRun[], error: unknown, which: "all" | "leaves"): boolean {
  let any = false;
  for (const run of runs) {
    if (run.isElsewhere) {
      run.abandon(error);
      any = true;
    } else if (run.breakOff(error, which)) {
      any = true;
    }
  }
  return any;
}
