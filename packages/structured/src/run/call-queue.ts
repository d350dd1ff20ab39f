// Calls into a run from outside. They run in the turns of a hidden task, which no scope applies to, so they alternate with the
// rounds of the run's tasks: a turn runs what was queued when it began, and what is queued meanwhile waits for the next.
//
//   open ── close: main and all system tasks have ended ──▶ closing ── the next turn begins ──▶ closed; what was accepted runs
import { ArgumentError, describe, WrongFlavorError } from "@trestle/host";
import { CancelNode } from "../cancel-node.js";
import { Fifo } from "../fifo.js";
import { MergedCalls, type Call } from "./merged-calls.js";
import type { OperationIterator, Suspended } from "../operation.js";
import { RunFinishedError } from "./run-finished-error.js";
import type { RunServices } from "./run-services.js";
import type { RunToken } from "./run-token.js";
import { inherit, type RunState } from "./run-state.js";
import { returning, SUSPEND } from "../suspend.js";
import type { Parked, TaskOwner } from "../task-parties.js";
import { TaskRecord } from "../task-record.js";

interface QueuedCall extends Call {
  readonly isMerged: boolean;
}

export class CallQueue implements TaskOwner, Parked, OperationIterator<void> {
  readonly node = new CancelNode();
  /** By which others add calls; run-token.ts makes it. */
  token: RunToken | undefined = undefined;
  readonly #state: RunState;
  readonly #services: RunServices;
  readonly #task: TaskRecord;
  readonly #calls = new Fifo<QueuedCall>();
  readonly #merged = new MergedCalls();
  /** Whether the task waits for a call. */
  #isIdle = false;
  #isClosed = false;
  #over: (() => void) | undefined;

  constructor(state: RunState, services: RunServices) {
    this.#state = state;
    this.#services = services;
    this.#task = new TaskRecord(state.runner, { name: "calls from outside" }, this);
    inherit(this.#task, state);
    this.#task.iterator = this;
    state.runner.begin(this.#task);
  }

  /** How many calls wait for their turn. */
  get size(): number {
    return this.#calls.size;
  }

  add(call: QueuedCall): void {
    requireCallback(call.fn);
    if (this.#isClosed) {
      throw new RunFinishedError(
        `run '${call.fn.name || "anonymous"}' soon`,
        this.#state.main.name,
      );
    }
    if (call.isMerged && !this.#merged.add(call)) return;
    this.#calls.push(call);
    this.#wake();
  }

  /** Runs what was accepted, and then calls back. */
  close(over: () => void): void {
    this.#over = over;
    this.#wake();
  }

  abandon(): void {
    this.#isClosed = true;
    this.#calls.clear();
  }

  next(): IteratorResult<Suspended, void> {
    const task = this.#task;
    if (task.isResumed()) task.take();
    if (this.#over !== undefined) this.#isClosed = true;
    for (let left = this.#calls.size; left > 0; left--) this.#run(this.#calls.shift());
    if (this.#isClosed) return returning(undefined);
    if (this.#calls.size > 0 || this.#over !== undefined) {
      task.yieldTurn();
    } else {
      this.#isIdle = true;
      task.park(this);
    }
    return SUSPEND;
  }

  childExited(): void {
    this.#over?.();
  }

  withdraw(): boolean {
    return false;
  }

  toString(): string {
    return "a call from outside";
  }

  #run(call: QueuedCall | undefined): void {
    if (call === undefined) return;
    if (call.isMerged) this.#merged.remove(call);
    const { fn, args } = call;
    inherit(this.#task, this.#state);
    try {
      refuseOperation(fn, fn(...(args as never[])));
    } catch (error) {
      const name = fn.name || "anonymous";
      this.#services.crash(`the callback '${name}' of 'runSoon'`, name, error);
    }
  }

  #wake(): void {
    if (!this.#isIdle) return;
    this.#isIdle = false;
    this.#task.wake(undefined);
  }
}

function requireCallback(fn: unknown): void {
  if (typeof fn !== "function")
    throw new ArgumentError(`Cannot run ${describe(fn)} soon: a function is wanted.`);
  const kind = (fn as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (kind !== undefined) throw notACallback(describe(fn));
}

function refuseOperation(fn: unknown, result: unknown): void {
  if (typeof result !== "object" || result === null) return;
  if (Symbol.iterator in result && "next" in result)
    throw notACallback(`${describe(fn)}, which returned an operation`);
}

function notACallback(what: string): WrongFlavorError {
  return new WrongFlavorError(
    `Cannot run ${what} soon: a plain function is wanted, which returns at once.\n` +
      "Start work as a task: 'token.runSoon(() => nursery.startSoon(fn))', with 'spawnSystemTask' where there is no nursery.",
  );
}
