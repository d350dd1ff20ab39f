// A run: one main task, and everything that it starts. The door by which promise code gets in.
import { DeadlockError, InternalError, platformHost, type Host } from "@trestle/host";
import { CancelNode } from "./cancel-node.js";
import { isCancelled } from "./cancelled.js";
import { callStructured } from "./operation-of.js";
import type { Operation, OperationIterator } from "./operation.js";

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
  const iterator = callStructured(main, [], "run")[Symbol.iterator]();
  return new Promise<T>((resolve, reject) => {
    new Run(options, resolve as (value: unknown) => void, reject).start(main, iterator);
  });
}

class Run implements TaskOwner {
  readonly node = new CancelNode();
  readonly #runner: Runner;
  readonly #unwatch: (() => void) | undefined;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  #deadlock: DeadlockError | undefined;
  #over = false;

  constructor(options: RunOptions, resolve: (value: unknown) => void, reject: (error: unknown) => void) {
    const host = options.host ?? platformHost();
    this.#resolve = resolve;
    this.#reject = reject;
    const shuffle = options.seed === undefined ? undefined : seededShuffle(options.seed);
    this.#runner = new Runner(host, shuffle, (error) => {
      this.#end(() => reject(new InternalError("Cannot go on: the scheduler failed.", { cause: error })));
    });
    this.#unwatch = host.watch?.({
      stuck: () => (this.#over || this.#runner.hasReady ? [] : blockedUnder(this.node)),
      deadlock: (error) => this.#stop(error),
    });
  }

  start(main: { readonly name: string }, iterator: OperationIterator<unknown>): void {
    const task = new TaskRecord(this.#runner, { name: main.name || "main" }, this, iterator);
    this.node.addMember(task);
    this.#runner.ready(task);
  }

  childExited(task: TaskRecord): void {
    this.node.removeMember(task);
    const { hasFailed, ending } = task;
    this.#end(() => {
      if (!hasFailed) this.#resolve(ending);
      else if (this.#deadlock !== undefined && isCancelled(ending)) this.#reject(this.#deadlock);
      else this.#reject(ending);
    });
  }

  /** Everything is parked for ever: unwinds it. What does not even unwind is left behind. */
  #stop(error: DeadlockError): void {
    if (this.#deadlock !== undefined) {
      this.#end(() => this.#reject(error));
      return;
    }
    this.#deadlock = error;
    this.node.cancel({ kind: "deadlock", reason: error, task: undefined });
    if (!this.#runner.hasReady) this.#end(() => this.#reject(error));
  }

  #end(settle: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#unwatch?.();
    this.#runner.close();
    settle();
  }
}
