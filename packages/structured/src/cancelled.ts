// What a checkpoint of a cancelled task throws. Cancelling ten thousand tasks makes ten thousand of these, so one costs next
// to nothing: it is made without Error's constructor and has no stack, and all it says is looked up when asked for.
import { describe, TrestleError } from "@trestle/host";
import type { CancelNode } from "./cancel-node.js";
import type { CancelScope } from "./cancel-scope.js";
import { isObject } from "./is-object.js";

const brand = Symbol.for("trestle.cancelled");

/** Why a scope was cancelled. */
export interface CancelCause {
  /**
   * - `explicit`: somebody called `cancel`
   * - `deadline`: the scope's deadline passed
   * - `nursery`: a child or the body failed, so the others are cancelled
   * - `start`: the nursery that a starting child was meant for was cancelled
   * - `shutdown`: the main task has ended, and system tasks with it
   * - `crash`: a system task or a callback from outside failed, which ends the run
   * - `deadlock`: nothing was left that could wake the program
   */
  readonly kind: "explicit" | "deadline" | "nursery" | "start" | "shutdown" | "crash" | "deadlock";
  /** What was given to `cancel`, or the error that made the nursery cancel. */
  readonly reason: unknown;
  /** The name of the task that cancelled; undefined where no task did. */
  readonly task: string | undefined;
}

/** Why a task was cancelled, and the scope at which its unwinding will end. */
export interface CancelledCause extends CancelCause {
  readonly scope: CancelScope | undefined;
}

/**
 * Thrown at each checkpoint of a cancelled task, until the task has left the scope that was cancelled. Let it pass: clean up
 * in `finally`, and rethrow it where you catch everything. It cannot be constructed.
 *
 * Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import { isCancelled, sleep, type Operation } from "@trestle/structured";
 *
 * function* patient(): Operation<void> {
 *   try {
 *     yield* sleep(1000);
 *   } catch (error) {
 *     if (isCancelled(error)) throw error;
 *     console.error("no sleep:", error);
 *   }
 * }
 * ```
 */
export class Cancelled extends Error {
  /** Why, and where the unwinding will end. */
  declare readonly cause: CancelledCause;

  constructor() {
    super();
    throw new CancelledConstructorError();
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isCancelled(value);
  }
}

/** Somebody tried to make a Cancelled. */
export class CancelledConstructorError extends TrestleError {
  static override readonly code = "TRESTLE_CANCELLED_CONSTRUCTOR";

  constructor() {
    super(
      "CancelledConstructorError",
      new.target.code,
      "Cannot construct 'Cancelled': only the runtime makes it.\nCall 'cancel(reason)' on a CancelScope or a Task.",
    );
  }
}

/** What is thrown: a Cancelled, but for Error's constructor. The node is private: test runners print what they see. */
class Fresh {
  /** The scope that catches, in the cancel tree. */
  readonly #node: CancelNode;

  constructor(node: CancelNode) {
    this.#node = node;
  }

  get [brand](): true {
    return true;
  }

  // Test runners make copies that have the prototype and no node: those know no cause.
  get cause(): CancelledCause | undefined {
    if (!(#node in this)) return undefined;
    const { kind, reason, task } = this.#node.cause as CancelCause;
    return { kind, reason, task, scope: this.#node.scope };
  }

  get message(): string {
    if (this.cause === undefined) return "cancelled";
    const { kind, reason, task } = this.cause;
    const by = task === undefined ? "" : ` by task '${task}'`;
    return `cancelled (${kind})${by}${reason === undefined ? "" : `: ${describe(reason)}`}`;
  }

  get stack(): string {
    return `Cancelled: ${this.message}`;
  }

  // The message says it all; Node would add the cause.
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.stack;
  }
}
Object.setPrototypeOf(Fresh.prototype, Cancelled.prototype);
Object.defineProperties(Fresh.prototype, {
  constructor: { value: Cancelled, configurable: true, writable: true },
  name: { value: "Cancelled", configurable: true, writable: true },
});

/** Makes the error for one checkpoint of a task whose cancellation `node` will catch. */
export function makeCancelled(node: CancelNode): Cancelled {
  return new Fresh(node) as object as Cancelled;
}

/**
 * Tells whether an error is a cancellation, which is to be rethrown. It holds across copies of the package.
 *
 * Source: ours, for JavaScript has one `catch` for everything. Flavor: structured. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { isCancelled } from "@trestle/structured";
 *
 * isCancelled(new Error("no")); // false
 * ```
 */
export function isCancelled(error: unknown): error is Cancelled {
  return isObject(error) && brand in error;
}
