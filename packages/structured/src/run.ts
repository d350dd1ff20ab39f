// A run: one main task, and everything that it starts. The door by which promise code gets in.
import {
  DeadlockError,
  ExceptionGroup,
  InternalError,
  platformHost,
  type Host,
} from "@trestle/host";
import { CancelNode } from "./cancel-node.js";
import { isCancelled } from "./cancelled.js";
import { requireStructured } from "./operation-of.js";
import type { Operation } from "./operation.js";

import { Runner } from "./runner.js";
import { seededShuffle } from "./shuffle.js";
import { TaskRecord, type TaskOwner } from "./task-record.js";
import { blockedUnder } from "./task-tree.js";

/** How a run lives. */
export interface RunOptions {
  /** What it takes time and turns from; the platform's event loop unless given. Tests give a VirtualHost. */
  readonly host?: Host;
  /**
   * Makes the scheduler shuffle the tasks that are ready, in the same way for the same seed; a test that passes with all
   * seeds depends on no order. Without it the order is first in, first out.
   */
  readonly seed?: number;
}

/**
 * Runs a structured function as the main task of a run of its own, until it and everything that it started has ended.
 *
 * The promise gives main's value, or rejects with main's own error as it is. When nothing is left that could wake the run,
 * it is cancelled and the promise rejects with a DeadlockError that names every parked task.
 *
 * Source: Trio. Flavor: this is where promise code enters the structured one.
 *
 * @param main the main task's function
 * @param options host and seed
 * @throws WrongFlavorError at the call, where main is no structured function
 * @example
 * ```ts
 * import { run, sleep } from "@trestle/structured";
 *
 * const answer = await run(function* () {
 *   yield* sleep(10);
 *   return 42;
 * });
 * ```
 */
export function run<T>(main: () => Operation<T>, options: RunOptions = {}): Promise<T> {
  return new Run(options).start(main) as Promise<T>;
}

class Run implements TaskOwner {
  readonly node = new CancelNode();
  readonly #runner: Runner;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  #unwatch: (() => void) | undefined;
  #deadlock: DeadlockError | undefined;
  #over = false;

  constructor(options: RunOptions) {
    const shuffle = options.seed === undefined ? undefined : seededShuffle(options.seed);
    this.#runner = new Runner(options.host ?? platformHost(), shuffle, (error) => {
      this.#end(() =>
        this.#reject(new InternalError("Cannot go on: the scheduler failed.", { cause: error })),
      );
    });
  }

  start(main: () => Operation<unknown>): Promise<unknown> {
    requireStructured(main, "run");
    const task = new TaskRecord(this.#runner, { name: main.name || "main" }, this);
    task.begin(main, [], "run");
    this.node.addMember(task);
    this.#unwatch = this.#runner.host.watch?.({
      stuck: () => (this.#over || this.#runner.hasReady ? [] : blockedUnder(this.node)),
      deadlock: (error) => this.#stop(error),
    });
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#runner.ready(task);
    });
  }

  childExited(task: TaskRecord): void {
    this.node.removeMember(task);
    const { hasFailed, ending } = task;
    this.#end(() => {
      if (!hasFailed) this.#resolve(ending);
      else if (this.#deadlock !== undefined && isEcho(ending)) this.#reject(this.#deadlock);
      else this.#reject(ending);
    });
  }

  /**
   * Everything is parked for ever: first the tasks are unwound; where that gets stuck, the guests are told too, whose waits
   * end with the report then. What does not even unwind by that is left behind.
   */
  #stop(error: DeadlockError): void {
    if (this.#deadlock === undefined) {
      this.#deadlock = error;
      this.node.cancel({ kind: "deadlock", reason: error, task: undefined });
    } else if (!this.#runner.guests.deadlock(error)) {
      this.#end(() => this.#reject(error));
      return;
    }
    // What this has set off may take turns of the host; where it was nothing, the host reports again after one.
    const { host } = this.#runner;
    host.at(host.now(), () => {});
  }

  #end(settle: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#unwatch?.();
    this.#runner.close();
    settle();
  }
}

/** Whether an error says no more than that there was a deadlock. */
function isEcho(error: unknown): boolean {
  if (error instanceof ExceptionGroup) return error.errors.every(isEcho);
  return isCancelled(error) || error instanceof DeadlockError;
}
