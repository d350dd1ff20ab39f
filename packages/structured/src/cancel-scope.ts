// Where a cancellation starts and where it ends: the scope cancels what runs inside it, and swallows the Cancelled that comes
// back out, if it is the outermost cancelled scope by then. The tree itself is cancel-node's.
//
//   new ── run ──▶ entered ── the body ends ──▶ left
//
// Cancel, shield and deadline may be set in each state; once left they have no effect but to be remembered.
import { ArgumentError, describe } from "@trestle/host";
import { ambient } from "./ambient.js";
import { block, type Body, type Frame } from "./block.js";
import { CancelNode } from "./cancel-node.js";
import { isCancelled } from "./cancelled.js";
import { checkInstant, checkDuration } from "./durations.js";
import type { Operation, Suspended } from "./operation.js";
import { DEADLINE_RANK, type Alarm } from "./alarms.js";
import type { Runner } from "./runner.js";
import type { CancelScopeOptions, ScopeResult } from "./scope-options.js";
import { ScopeReusedError } from "./scope-reused-error.js";
import { scopeText } from "./scope-text.js";
import { returning } from "./suspend.js";
import type { TaskRecord } from "./task-record.js";

const CAUGHT: ScopeResult<never> = { cancelledCaught: true, value: undefined };

class ScopeDeadline implements Alarm {
  readonly when: number;
  readonly rank = DEADLINE_RANK;
  sequence = 0;
  queued = false;
  #scope: CancelScope | undefined;

  constructor(when: number, scope: CancelScope) {
    this.when = when;
    this.#scope = scope;
  }

  expire(): void {
    expire(this.#scope as CancelScope);
  }

  /** Lets go of the scope: an alarm that was removed may stay in the heap for a while. */
  forget(): void {
    this.#scope = undefined;
  }
}

/** Cancels a scope whose deadline has come. */
let expire: (scope: CancelScope) => void;
/** For nurseries, timeouts and the run: goes in and out of a scope by hand. */
export let enterScope: (scope: CancelScope, task: TaskRecord) => CancelNode;
export let leaveScope: (scope: CancelScope, task: TaskRecord) => void;
/** Whether the scope swallows that error, now that its body has ended with it. */
export let catches: (scope: CancelScope, error: unknown) => boolean;
/** For `failAfter`: called when the deadline comes, before anything is cancelled. */
export let onExpire: (scope: CancelScope, callback: (node: CancelNode) => void) => void;
/** For nurseries and reports: cancels with a cause of the runtime's own. */
export let nodeOf: (scope: CancelScope) => CancelNode;

/**
 * A scope in which work can be cancelled: by `cancel`, by a deadline, and by the scopes around it unless it is shielded.
 * Whatever runs inside gets Cancelled at each checkpoint from then on, until it has left the scope.
 *
 * Source: Trio's CancelScope. Flavor: structured; the setters may be used from anywhere, also from plain callbacks.
 *
 * @example
 * ```ts
 * import { CancelScope, run, sleepForever } from "@trestle/structured";
 *
 * await run(function* () {
 *   const scope = new CancelScope({ relativeDeadline: 100 });
 *   const { cancelledCaught } = yield* scope.run(() => sleepForever());
 *   console.log(cancelledCaught); // true
 * });
 * ```
 */
export class CancelScope {
  /** A name for reports; undefined unless given. */
  readonly name: string | undefined;
  readonly #node: CancelNode;
  #owner: TaskRecord | undefined;
  #state: "new" | "entered" | "left" = "new";
  #deadline: number;
  #relative: number | undefined;
  #alarm: ScopeDeadline | undefined;
  #caught = false;
  #onExpire: ((node: CancelNode) => void) | undefined;

  static {
    expire = (scope) => {
      scope.#alarm = undefined;
      scope.#onExpire?.(scope.#node);
      scope.#node.cancel({ kind: "deadline", reason: undefined, task: undefined });
    };
    enterScope = (scope, task) => scope.#enter(task);
    leaveScope = (scope, task) => scope.#leave(task);
    catches = (scope, error) => {
      if (!isCancelled(error) || scope.#node.catcher !== scope.#node) return false;
      scope.#caught = true;
      return true;
    };
    onExpire = (scope, callback) => {
      scope.#onExpire = callback;
    };
    nodeOf = (scope) => scope.#node;
  }

  /** @throws ArgumentError for a deadline that is NaN, a negative relative one, or both kinds at once */
  constructor(options: CancelScopeOptions = {}) {
    const { deadline, relativeDeadline, shield, name } = options;
    if (deadline !== undefined && relativeDeadline !== undefined) {
      throw new ArgumentError(
        "Cannot make a 'CancelScope' with two deadlines.\nGive 'deadline' (an instant) or 'relativeDeadline' (a duration).",
      );
    }
    this.name = name;
    this.#deadline = deadline === undefined ? Infinity : checkInstant(deadline, "set a deadline");
    this.#relative =
      relativeDeadline === undefined
        ? undefined
        : checkDuration(relativeDeadline, "set a relative deadline");
    this.#node = new CancelNode();
    this.#node.scope = this;
    if (shield !== undefined) this.shield = shield;
  }

  /**
   * Runs a body inside the scope, once.
   *
   * Waits for the body. A cancellation of this scope ends here, with `cancelledCaught`; one from further out passes on.
   *
   * @param body receives the scope, then `args`
   * @throws whatever the body throws; ScopeReusedError where the scope has been entered before
   */
  run<A extends unknown[], T>(body: Body<this, A, T>, ...args: A): Operation<ScopeResult<T>> {
    return block(new ScopeFrame<this, T>(this), body, args);
  }

  /** Cancels what runs inside, for ever; only the first reason counts. It returns at once. */
  cancel(reason?: unknown): void {
    this.#node.cancel({ kind: "explicit", reason, task: ambient.task?.name });
    this.#disarm();
  }

  /** The instant, in milliseconds of `currentTime()`, at which the scope cancels itself; Infinity for none. It may be moved. */
  get deadline(): number {
    if (this.#relative !== undefined && this.#state === "new")
      throw notEntered("deadline", "relativeDeadline");
    return this.#deadline;
  }

  set deadline(instant: number) {
    checkInstant(instant, "set a deadline");
    if (this.#relative !== undefined && this.#state === "new")
      throw notEntered("deadline", "relativeDeadline");
    this.#deadline = instant;
    this.#arm();
  }

  /** The deadline in milliseconds from now, once the scope is entered; before, from the moment that it will be. */
  get relativeDeadline(): number {
    if (this.#state === "new") {
      if (this.#deadline !== Infinity) throw notEntered("relativeDeadline", "deadline");
      return this.#relative ?? Infinity;
    }
    return this.#deadline - this.#runner().host.now();
  }

  set relativeDeadline(ms: number) {
    checkDuration(ms, "set a relative deadline");
    if (this.#state === "new") {
      if (this.#deadline !== Infinity) throw notEntered("relativeDeadline", "deadline");
      this.#relative = ms;
    } else {
      this.deadline = this.#runner().host.now() + ms;
    }
  }

  /** Whether cancellations from outside are kept out. It may be changed at any time. */
  get shield(): boolean {
    return this.#node.shielded;
  }

  set shield(shield: boolean) {
    if (typeof shield !== "boolean") {
      throw new ArgumentError(`Cannot set the shield to ${describe(shield)}: a boolean is wanted.`);
    }
    this.#node.shield(shield);
  }

  /** Whether the scope itself was cancelled: by `cancel`, or because its deadline has passed. */
  get cancelCalled(): boolean {
    if (this.#node.cause === null && this.#isOverdue()) {
      this.#disarm();
      expire(this);
    }
    return this.#node.cause !== null;
  }

  /** Whether the block ended because of this scope's cancellation. With an error leaving the block it is false. */
  get cancelledCaught(): boolean {
    return this.#caught;
  }

  /** Tells in words how it stands: "cancel scope 'fetch' (entered, shielded, 5 ms left)". */
  toString(): string {
    return scopeText({
      name: this.name,
      state: this.#state,
      isCancelled: this.#node.cause !== null,
      isShielded: this.shield,
      deadline: this.#deadline,
      relativeDeadline: this.#relative,
      now: this.#now(),
    });
  }

  #isOverdue(): boolean {
    if (this.#state === "left" || this.#deadline === Infinity) return false;
    return (this.#now() ?? NaN) >= this.#deadline;
  }

  /** The time of the run; undefined outside of all. */
  #now(): number | undefined {
    return (this.#owner ?? ambient.task)?.runner.host.now();
  }

  #runner(): Runner {
    return (this.#owner as TaskRecord).runner;
  }

  #enter(task: TaskRecord): CancelNode {
    if (this.#state !== "new") throw new ScopeReusedError(this.name);
    this.#state = "entered";
    this.#owner = task;
    if (this.#relative !== undefined) this.#deadline = task.runner.host.now() + this.#relative;
    const node = this.#node;
    node.owner = task;
    node.attach(task.node);
    task.node = node;
    task.runner.instruments?.emit("scopeEntered", this, task);
    if (node.cause === null && this.#isOverdue()) expire(this);
    else this.#arm();
    return node;
  }

  #leave(task: TaskRecord): void {
    this.#state = "left";
    this.#disarm();
    this.#onExpire = undefined;
    task.leaveNode(this.#node);
    task.runner.instruments?.emit("scopeLeft", this, task);
  }

  #arm(): void {
    this.#disarm();
    if (this.#state !== "entered" || this.#node.cause !== null || this.#deadline === Infinity)
      return;
    this.#alarm = new ScopeDeadline(this.#deadline, this);
    this.#runner().addAlarm(this.#alarm);
  }

  #disarm(): void {
    if (this.#alarm === undefined) return;
    this.#runner().removeAlarm(this.#alarm);
    this.#alarm.forget();
    this.#alarm = undefined;
  }
}

class ScopeFrame<S extends CancelScope, T> implements Frame<S, T, ScopeResult<T>> {
  readonly action = "enter a cancel scope";
  readonly #scope: S;

  constructor(scope: S) {
    this.#scope = scope;
  }

  enter(task: TaskRecord): S {
    enterScope(this.#scope, task);
    return this.#scope;
  }

  leave(
    task: TaskRecord,
    failed: boolean,
    value: unknown,
  ): IteratorResult<Suspended, ScopeResult<T>> {
    const caught = failed && catches(this.#scope, value);
    leaveScope(this.#scope, task);
    if (caught) return returning(CAUGHT);
    if (failed) throw value;
    return returning<ScopeResult<T>>({ cancelledCaught: false, value: value as T });
  }
}

function notEntered(wanted: string, used: string): ArgumentError {
  return new ArgumentError(
    `Cannot use '${wanted}' of a CancelScope that has not been entered and has a '${used}'.\nUse '${used}' until then.`,
  );
}
