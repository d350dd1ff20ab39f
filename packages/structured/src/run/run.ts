// A run: one main task, and everything that it starts. The door by which promise code gets in.
//
//   main runs ── main ends ──▶ services wind up (system tasks, calls from outside; mostly there are none) ──▶ over
//
// Where nothing can go on (the scheduler fails, or a deadlock does not unwind) the run is over at once, and leaves behind
// whatever there is.
import {
  DeadlockError,
  ExceptionGroup,
  failure,
  InternalError,
  platformHost,
  success,
  type Outcome,
  type Release,
} from "@trestle/host";
import { onAbort } from "../interop/abort-listeners.js";
import { CancelNode } from "../cancel-node.js";
import { isCancelled } from "../cancelled.js";
import { noteEnd } from "./ends-of-runs.js";
import type { Variables } from "../context-var.js";
import { requireStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { RunCancelledError } from "./run-cancelled-error.js";
import { checkRunOptions, type RunOptions } from "./run-options.js";
import type { RunServices } from "./run-services.js";
import type { RunState } from "./run-state.js";
import { Runner } from "../runner.js";
import { seededShuffle } from "../shuffle.js";
import type { TaskOwner } from "../task-parties.js";
import { TaskRecord } from "../task-record.js";
import { blockedUnder } from "../task-tree.js";

/**
 * Runs a structured function as the main task of a run of its own, until it and everything that it started has ended.
 *
 * The promise gives main's value, or rejects with main's own error as it is. When nothing is left that could wake the run,
 * it is cancelled and the promise rejects with a DeadlockError that names every parked task. Runs may go on side by side, and
 * one inside another; they share their Host and nothing else.
 *
 * Source: Trio. Flavor: this is where promise code enters the structured one.
 *
 * @param main the main task's function
 * @param options host or clock, seed, signal, instruments, async context
 * @throws WrongFlavorError at the call, where main is no structured function; ArgumentError for options that do not fit. The
 * promise rejects with RunCancelledError where the signal cancelled main, with RunCrashedError where a system task or a
 * callback of `runSoon` failed
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
  checkRunOptions(options);
  return new Run(options).start(main) as Promise<T>;
}

export class Run implements TaskOwner, RunState {
  readonly node = new CancelNode();
  readonly runner: Runner;
  main!: TaskRecord;
  values: Map<object, unknown> | undefined = undefined;
  services: RunServices | undefined = undefined;
  readonly #signal: AbortSignal | undefined;
  variables: Variables | undefined = undefined;
  #mainOutcome: Outcome<unknown> | undefined;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  #unwatch: Release | undefined;
  #unlisten: Release | undefined;
  #deadlock: DeadlockError | undefined;
  #isOver = false;

  constructor({
    host = platformHost(),
    clock,
    seed,
    signal,
    instruments = [],
    asyncContext,
  }: RunOptions) {
    this.#signal = signal;
    this.runner = new Runner({
      host: clock?.hostOn(host) ?? host,
      pace: host,
      shuffle: seed === undefined ? undefined : seededShuffle(seed),
      asyncContext,
      crashed: (cause) =>
        this.#giveUp(new InternalError("Cannot go on: the scheduler failed.", { cause })),
    });
    clock?.startClock();
    this.runner.state = this;
    for (const instrument of instruments) this.runner.addInstrument(instrument);
  }

  start(main: () => Operation<unknown>): Promise<unknown> {
    requireStructured(main, "run");
    const { runner } = this;
    const ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    noteEnd(ended, runner.pace);
    runner.instruments?.emit("beforeRun");
    const task = (this.main = new TaskRecord(runner, { name: main.name || "main" }, this));
    this.variables = task.variables;
    try {
      task.begin(main, [], "run");
    } catch (error) {
      // It may have started system tasks before it failed.
      this.#windUp();
      throw error;
    }
    this.node.addMember(task);
    this.#unwatch = runner.host.watch?.({
      stuck: () => (this.#isOver || runner.firstReady !== null ? [] : this.blocked()),
      deadlock: (error) => this.#stop(error),
    });
    if (this.#signal !== undefined)
      this.#unlisten = onAbort(this.#signal, (reason) => this.cancel(reason), "cancel a run");
    runner.begin(task);
    return ended;
  }

  /** Cancels main, with all that it started. */
  cancel(reason: unknown): void {
    this.node.cancel({ kind: "explicit", reason, task: undefined });
  }

  /** A line for each task that is parked, with what it waits for. */
  blocked(): string[] {
    const lines = blockedUnder(this.node);
    return this.services === undefined ? lines : [...lines, ...blockedUnder(this.services.node)];
  }

  childExited(task: TaskRecord): void {
    this.node.removeMember(task);
    this.#mainOutcome = this.#outcomeOf(task);
    this.#windUp();
  }

  #outcomeOf(task: TaskRecord): Outcome<unknown> {
    const { hasFailed, ending } = task;
    if (hasFailed) {
      if (this.#deadlock !== undefined && isEcho(ending)) return failure(this.#deadlock);
      const { cause } = this.node;
      if (cause?.kind === "explicit" && isCancelled(ending))
        return failure(new RunCancelledError(task.name, cause.reason));
    }
    return task.outcome as Outcome<unknown>;
  }

  #windUp(): void {
    if (this.services === undefined) this.#finish();
    else this.services.windUp(() => this.#finish());
  }

  #finish(): void {
    const outcome = this.#mainOutcome;
    const crash = this.services?.failure(outcome);
    this.#end(crash === undefined ? (outcome ?? success(undefined)) : failure(crash));
  }

  /** Nothing can go on: what has not unwound is left behind. */
  #giveUp(error: unknown): void {
    this.#end(failure(this.services?.failure(this.#mainOutcome, error) ?? error));
  }

  /**
   * Everything is parked for ever: first the tasks are unwound; where that gets stuck, the guests are told too, whose waits
   * end with the report then. What does not even unwind by that is left behind.
   */
  #stop(error: DeadlockError): void {
    if (this.#deadlock === undefined) {
      this.#deadlock = error;
      this.node.cancel({ kind: "deadlock", reason: error, task: undefined });
    } else if (!this.runner.guests?.deadlock(error)) {
      this.#giveUp(error);
      return;
    }
    // What this has set off may take turns of the host; where it was nothing, the host reports again after one.
    const { host } = this.runner;
    host.at(host.now(), () => {});
  }

  #end(outcome: Outcome<unknown>): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unwatch?.();
    this.#unlisten?.();
    this.services?.abandon();
    this.runner.close();
    this.runner.instruments?.emit("afterRun");
    if (outcome.ok) this.#resolve(outcome.value);
    else this.#reject(outcome.error);
  }
}

/** Whether an error says no more than that there was a deadlock. */
function isEcho(error: unknown): boolean {
  if (error instanceof ExceptionGroup) return error.errors.every(isEcho);
  return isCancelled(error) || error instanceof DeadlockError;
}
