// What goes on in a run beside main: system tasks, and calls from outside. It is made by the first who asks for either; a run
// that needs none pays nothing.
//
//   main runs ── main ends: the system tasks are cancelled ──▶ the last of them ends ──▶ the calls that were accepted run ──▶ over
//
// A failure here is nobody's to catch. It cancels everything, and comes out of the run, with main's own outcome attached.
import { ExceptionGroup, type Outcome } from "@trestle/host";
import type { CallQueue } from "./call-queue.js";
import { CancelNode } from "../cancel-node.js";
import { isCancelled } from "../cancelled.js";
import type { StructuredFunction } from "../operation.js";
import { RunCrashedError } from "./run-crashed-error.js";
import { RunFinishedError } from "./run-finished-error.js";
import { inherit, type RunState } from "./run-state.js";
import type { TaskOwner } from "../task-parties.js";
import { TaskRecord } from "../task-record.js";

export class RunServices implements TaskOwner {
  /** The node of the system tasks, which no scope of main's applies to. */
  readonly node = new CancelNode();
  /** The calls from outside; undefined while there was no token. */
  calls: CallQueue | undefined = undefined;
  readonly #state: RunState;
  #tasks = 0;
  #isClosed = false;
  #over: (() => void) | undefined;
  readonly #places: string[] = [];
  readonly #errors: unknown[] = [];

  constructor(state: RunState) {
    this.#state = state;
  }

  /** Makes a system task, ready for its first turn. What its function throws when called is thrown here. */
  spawn<A extends unknown[]>(fn: StructuredFunction<A, unknown>, args: A): TaskRecord {
    const { runner, main } = this.#state;
    if (this.#isClosed)
      throw new RunFinishedError(`start system task '${fn.name || "anonymous"}'`, main.name);
    const task = new TaskRecord(runner, fn, this);
    inherit(task, this.#state);
    this.#tasks++;
    this.node.addMember(task);
    try {
      task.begin(fn, args, "start a system task");
    } catch (error) {
      this.#leave(task);
      throw error;
    }
    runner.begin(task);
    return task;
  }

  childExited(task: TaskRecord): void {
    if (task.hasFailed && !isCancelled(task.ending))
      this.crash(`system task '${task.name}'`, task.name, task.ending);
    this.#leave(task);
  }

  /** Something failed that main has no part in: cancels everything. */
  crash(place: string, name: string, error: unknown): void {
    this.#places.push(place);
    this.#errors.push(error);
    const cause = { kind: "crash", reason: error, task: name } as const;
    this.#state.node.cancel(cause);
    this.node.cancel(cause);
  }

  /** Main has ended, or could not begin: ends everything else, and then calls back. */
  windUp(over: () => void): void {
    this.#over = over;
    this.node.cancel({ kind: "shutdown", reason: undefined, task: undefined });
    if (this.#tasks === 0) this.#close();
  }

  /** The run is given up: nothing is accepted any more. */
  abandon(): void {
    this.#isClosed = true;
    this.calls?.abandon();
  }

  /** The error of the run, where something here has failed, or `last` comes when main has ended; else undefined. */
  failure(main: Outcome<unknown> | undefined, last?: unknown): RunCrashedError | undefined {
    const places = [...this.#places];
    const errors = [...this.#errors];
    if (last !== undefined && (main !== undefined || errors.length > 0)) {
      places.push("the run itself");
      errors.push(last);
    }
    if (errors.length === 0) return undefined;
    const { name } = this.#state.main;
    const cause =
      errors.length === 1
        ? errors[0]
        : new ExceptionGroup(`${errors.length} errors beside main '${name}'`, errors);
    return new RunCrashedError(name, places, cause, main);
  }

  #leave(task: TaskRecord): void {
    this.node.removeMember(task);
    if (--this.#tasks === 0 && this.#over !== undefined) this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const over = this.#over as () => void;
    if (this.calls === undefined) over();
    else this.calls.close(over);
  }
}

/** Gives what goes on beside main in a run, and makes it where this is the first use. */
export function servicesOf(state: RunState): RunServices {
  return (state.services ??= new RunServices(state));
}
