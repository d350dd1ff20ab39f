// Those who watch a run. A run that nobody watches has no Instruments at all, so a hook costs it one comparison.
import { ArgumentError, describe, type Outcome } from "@trestle/host";
import type { CancelScope } from "./cancel-scope.js";
import type { CancelCause } from "./cancelled.js";
import { isObject } from "./is-object.js";
import type { Nursery } from "./nursery.js";
import type { Task } from "./task.js";
import { warn } from "./warn.js";

/**
 * Somebody who is told what a run does: a tracer, a monitor, a test. All hooks are optional; those that are there are looked
 * up once, when the instrument is added. A hook returns at once. One that throws is reported as a warning, and its instrument
 * is taken out.
 *
 * While an instrument is there each checkpoint takes a turn of the scheduler, also where nobody else is ready.
 *
 * Source: Trio's Instrument, and the hooks that its users miss. Flavor: structured.
 *
 * @example
 * ```ts
 * import { run, sleep, type Instrument } from "@trestle/structured";
 *
 * const tracer: Instrument = {
 *   taskBlocked: (task, what) => console.log(`${task.name} waits for ${what}`),
 *   taskExited: (task, outcome) => console.log(`${task.name} ended`, outcome),
 * };
 * await run(() => sleep(10), { instruments: [tracer] });
 * ```
 */
export interface Instrument {
  /** The run begins; there is no task yet. */
  beforeRun?(): void;
  /** The run has ended. */
  afterRun?(): void;
  /** A task was made. */
  taskSpawned?(task: Task<unknown>): void;
  /** A task became ready: it will have a turn. */
  taskScheduled?(task: Task<unknown>): void;
  /** A task's turn begins. */
  beforeTaskStep?(task: Task<unknown>): void;
  /** A task's turn has ended: it waits, or it has exited. */
  afterTaskStep?(task: Task<unknown>): void;
  /** A task comes to a point where it can be cancelled; a cancellation made here takes effect right there. */
  taskCheckpoint?(task: Task<unknown>): void;
  /** A task begins to wait for something that somebody has to wake it from. */
  taskBlocked?(task: Task<unknown>, what: string): void;
  /** A task that was started with `nursery.start` has reported, and moves into the nursery. */
  taskMoved?(task: Task<unknown>, nursery: Nursery): void;
  /** A task has ended. */
  taskExited?(task: Task<unknown>, outcome: Outcome<unknown>): void;
  /** A nursery was opened by the task. */
  nurseryOpened?(nursery: Nursery, task: Task<unknown>): void;
  /** The last child of a nursery has ended, and its block with it. */
  nurseryClosed?(nursery: Nursery, task: Task<unknown>): void;
  /** The task goes into a scope; a nursery's own scope is one too. */
  scopeEntered?(scope: CancelScope, task: Task<unknown>): void;
  /** A scope that a task is in was cancelled. */
  scopeCancelled?(scope: CancelScope, cause: CancelCause): void;
  /** The task leaves a scope. */
  scopeLeft?(scope: CancelScope, task: Task<unknown>): void;
  /** The run hands its turn to the host, for that many milliseconds at most unless something happens; Infinity for no limit. */
  beforeIoWait?(timeoutMs: number): void;
  /** The host has given the turn back. */
  afterIoWait?(timeoutMs: number): void;
}

const HOOKS = [
  "beforeRun",
  "afterRun",
  "taskSpawned",
  "taskScheduled",
  "beforeTaskStep",
  "afterTaskStep",
  "taskCheckpoint",
  "taskBlocked",
  "taskMoved",
  "taskExited",
  "nurseryOpened",
  "nurseryClosed",
  "scopeEntered",
  "scopeCancelled",
  "scopeLeft",
  "beforeIoWait",
  "afterIoWait",
] as const satisfies readonly (keyof Instrument)[];

type Hook = (typeof HOOKS)[number];

interface Entry {
  readonly instrument: Instrument;
  /** What was found under the names of the hooks. */
  readonly calls: { readonly [H in Hook]?: (...args: never[]) => void };
}

/** The instruments of one run. */
export class Instruments {
  /** Never changed in place: an event is for those who were there when it happened. */
  #entries: readonly Entry[] = [];

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  has(instrument: Instrument): boolean {
    return this.#entries.some((entry) => entry.instrument === instrument);
  }

  add(instrument: Instrument): void {
    if (!isObject(instrument)) {
      throw new ArgumentError(
        `Cannot add ${describe(instrument)} as an instrument: an object with hooks is wanted.`,
      );
    }
    if (this.has(instrument)) return;
    // All are looked up before any is stored: where a getter throws nothing has been added.
    const calls = Object.fromEntries(
      HOOKS.map((hook) => [hook, instrument[hook]]),
    ) as Entry["calls"];
    this.#entries = [...this.#entries, { instrument, calls }];
  }

  /** Does nothing where it was not added. */
  remove(instrument: Instrument): void {
    this.#entries = this.#entries.filter((entry) => entry.instrument !== instrument);
  }

  emit<H extends Hook>(hook: H, ...args: Parameters<Required<Instrument>[H]>): void {
    for (const { instrument, calls } of this.#entries) {
      try {
        calls[hook]?.apply(instrument, args as never[]);
      } catch (error) {
        this.remove(instrument);
        warn(
          "TRESTLE_INSTRUMENT_FAILED",
          `Cannot go on with an instrument: its '${hook}' threw ${describe(error)}. It was taken out of the run.`,
        );
      }
    }
  }
}
