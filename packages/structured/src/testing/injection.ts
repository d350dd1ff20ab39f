// One run of an operation that is cancelled at one of its checkpoints, or only watched: what it does from then on, and what it
// has left when it has ended and everything has come to rest.
//
//   counting ── the checkpoint comes ──▶ injected ── the operation ends ──▶ ended ── all is blocked ──▶ examined
import type { Host } from "@trestle/host";
import { takeOut } from "../add-instrument.js";
import { requireTask } from "../ambient.js";
import { CancelScope } from "../cancel-scope.js";
import { isCancelled } from "../cancelled.js";
import type { Instrument } from "../instrument.js";
import { openNursery } from "../nursery.js";
import { callStructured } from "../operation-of.js";
import type { Operation, StructuredFunction } from "../operation.js";
import type { TaskRecord } from "../task-record.js";
import { Belongings, type CancellationWatch, type Leftover } from "./cancellation-watch.js";
import { watchCancelled } from "./cancelled-watch.js";
import { waitAllTasksBlocked } from "./wait-all-tasks-blocked.js";

/** How the operation ended: with a value, by the injected cancellation, or by an error. */
export type Ending =
  | { readonly how: "value" | "cancelled" }
  | { readonly how: "error"; readonly error: unknown };

export interface InjectionLimits {
  readonly steps: number;
  /** Calls back when there were more steps than that. */
  readonly exceeded: () => void;
}

export class Injection {
  /** The number of checkpoints that have come. */
  checkpoints = 0;
  /** The task that was at the checkpoint, and the stack there, once the operation is cancelled. */
  place: { readonly task: string; readonly stack: string | undefined } | undefined;
  ending: Ending | undefined;
  /** What was left at the end. */
  leftovers: readonly Leftover[] = [];
  /** The milliseconds of the run's time from the cancellation to the end. */
  elapsedMs = 0;
  /** How many of the operation's Cancelleds each task was thrown. */
  readonly thrown = new Map<TaskRecord, number>();
  /** The names of the tasks that ended with a value although they were thrown one. */
  readonly swallowers: string[] = [];
  readonly #at: number;
  readonly #limits: InjectionLimits;
  readonly #scope = new CancelScope({ name: "injected cancellation" });
  #isRunning = false;
  #steps = 0;
  #since = 0;

  /** @param at the number of the checkpoint, from 1 on; 0 cancels nowhere */
  constructor(at: number, limits: InjectionLimits) {
    this.#at = at;
    this.#limits = limits;
  }

  /** The main task: the operation, and then a look at what is left. */
  *main(operation: StructuredFunction<[CancellationWatch], unknown>): Operation<void> {
    const own = requireTask("inject a cancellation");
    const { runner } = own;
    this.#watch(own);
    const instrument = this.#instrument(runner.host);
    runner.addInstrument(instrument);
    try {
      yield* openNursery((nursery) => this.#body(new Belongings(nursery), operation));
    } finally {
      takeOut(instrument, runner);
    }
  }

  *#body(
    belongings: Belongings,
    operation: StructuredFunction<[CancellationWatch], unknown>,
  ): Operation<void> {
    const { host } = requireTask("inject a cancellation").runner;
    this.#isRunning = true;
    try {
      const { cancelledCaught } = yield* this.#scope.run(() =>
        callStructured(operation, [belongings], "inject a cancellation"),
      );
      this.ending = { how: cancelledCaught ? "cancelled" : "value" };
    } catch (error) {
      // A Cancelled that is not the injected one comes from a failed background task, or a deadlock: the run's business.
      if (isCancelled(error)) throw error;
      this.ending = { how: "error", error };
    } finally {
      this.#isRunning = false;
    }
    if (this.place !== undefined) this.elapsedMs = host.now() - this.#since;
    yield* waitAllTasksBlocked();
    this.leftovers = belongings.leftovers();
    belongings.nursery.cancelScope.cancel();
  }

  #instrument(host: Host): Instrument {
    return {
      taskSpawned: (task) => this.#watch(task as TaskRecord),
      taskExited: (task, { ok }) => {
        if (ok && this.thrown.has(task as TaskRecord)) this.swallowers.push(task.name);
      },
      taskCheckpoint: (task) => {
        if (this.#isRunning && ++this.checkpoints === this.#at) this.#inject(task.name, host.now());
      },
      beforeTaskStep: () => {
        // Until the cancellation comes the operation takes its usual course.
        if (this.#at > 0 && this.place === undefined) return;
        if (++this.#steps > this.#limits.steps) this.#limits.exceeded();
      },
    };
  }

  #inject(task: string, now: number): void {
    const text = `checkpoint ${this.#at}, in task '${task}'`;
    this.place = { task, stack: new Error(text).stack };
    this.#since = now;
    this.#scope.cancel(`injected at ${text}`);
  }

  #watch(task: TaskRecord): void {
    watchCancelled(task, (error) => {
      if (!isCancelled(error) || error.cause.scope !== this.#scope) return;
      this.thrown.set(task, (this.thrown.get(task) ?? 0) + 1);
    });
  }
}
