import { ArgumentError, describe } from "@trestle/host";
import { requireTask } from "../ambient.js";
import { LinkedList } from "../linked-list.js";
import type { Operation, StructuredFunction } from "../operation.js";
import { TaskRecord } from "../task-record.js";
import { holding } from "./hold.js";
import { RelockError, ReleaseError, WouldBlock } from "./resource-errors.js";
import { Waiter, type Waitable } from "./waiter.js";

/** What a CapacityLimiter counts. */
export interface CapacityLimiterStatistics {
  readonly borrowedTokens: number;
  readonly totalTokens: number;
  readonly borrowers: readonly unknown[];
  readonly tasksWaiting: number;
}

/** Who borrows: an object given by the caller, or the task that runs the operation. */
type Borrower = object | undefined;

/**
 * A number of tokens, one for each borrower: a limit on how many do something at a time. Tokens go round in the order of
 * asking, and their number can be changed while they are out.
 *
 * Source: Trio's CapacityLimiter. Flavor: structured.
 *
 * @example
 * ```ts
 * import { CapacityLimiter, openNursery, run, sleep } from "@trestle/structured";
 *
 * const limiter = new CapacityLimiter(4);
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     for (let i = 0; i < 100; i++) nursery.startSoon(() => limiter.hold(() => sleep(10)));
 *   }),
 * );
 * ```
 */
export class CapacityLimiter implements Waitable<void, Borrower> {
  #totalTokens: number;
  readonly #borrowers = new Set<object>();
  readonly #queue = new LinkedList<Waiter<void, Borrower>>();

  /**
   * @param totalTokens a whole number, 0 or more, or Infinity
   * @throws ArgumentError for other values
   */
  constructor(totalTokens: number) {
    this.#totalTokens = checkTokens(totalTokens);
  }

  /** How many borrowers there may be. Raised, it lets waiting tasks in at once; lowered, those who hold keep theirs. */
  get totalTokens(): number {
    return this.#totalTokens;
  }

  set totalTokens(totalTokens: number) {
    this.#totalTokens = checkTokens(totalTokens);
    this.#handOut();
  }

  get borrowedTokens(): number {
    return this.#borrowers.size;
  }

  /** What is left; negative while more are out than there may be. */
  get availableTokens(): number {
    return this.#totalTokens - this.#borrowers.size;
  }

  /**
   * Waits for a token for this task. A cancellation ends the wait, and then none was taken. A task that takes its token along
   * when it ends has it for ever: `hold` gives it back.
   *
   * @throws RelockError where the task has one
   */
  acquire(): Operation<void> {
    return new Waiter<void, Borrower>(this, undefined);
  }

  /**
   * Waits for a token for somebody else, told apart by identity. A cancellation ends the wait, and then none was taken.
   *
   * @throws RelockError where they have one; ArgumentError for what is no object
   */
  acquireOnBehalfOf(borrower: object): Operation<void> {
    requireBorrower(borrower, "acquire");
    return new Waiter<void, Borrower>(this, borrower);
  }

  /** Takes a token for this task if there is one and nobody waits. @throws WouldBlock, RelockError */
  acquireNowait(): void {
    this.#borrowNowait(requireTask("acquire a token of a limiter"));
  }

  /** Takes a token for somebody else if there is one and nobody waits. @throws WouldBlock, RelockError, ArgumentError */
  acquireOnBehalfOfNowait(borrower: object): void {
    requireBorrower(borrower, "acquire");
    this.#borrowNowait(borrower);
  }

  /** Gives this task's token back; it goes to the one who has waited longest. @throws ReleaseError where it has none */
  release(): void {
    this.releaseOnBehalfOf(requireTask("release a token of a limiter"));
  }

  /** Gives somebody else's token back. @throws ReleaseError where they have none; ArgumentError for what is no object */
  releaseOnBehalfOf(borrower: object): void {
    requireBorrower(borrower, "release");
    if (!this.#borrowers.delete(borrower)) {
      throw new ReleaseError(
        `Cannot release a token of the limiter: ${nameOf(borrower)} has none.`,
      );
    }
    this.#handOut();
  }

  /** Runs a body while holding a token. Waits for the token and for the body. */
  hold<A extends unknown[], T>(body: StructuredFunction<A, T>, ...args: A): Operation<T> {
    return holding(this, body, args);
  }

  statistics(): CapacityLimiterStatistics {
    return {
      borrowedTokens: this.#borrowers.size,
      totalTokens: this.#totalTokens,
      borrowers: [...this.#borrowers],
      tasksWaiting: this.#queue.size,
    };
  }

  /** @internal */
  awaited(): string {
    const { size } = this.#borrowers;
    return `a token of a limiter (${size} of ${this.#totalTokens} are out)`;
  }

  /** @internal */
  attempt(waiter: Waiter<void, Borrower>): boolean {
    return this.#borrow(waiter.subject ?? waiter.task) || waiter.enqueue(this.#queue);
  }

  #borrowNowait(borrower: object): void {
    if (!this.#borrow(borrower)) throw new WouldBlock("acquire a token of the limiter");
  }

  #borrow(borrower: object): boolean {
    if (this.#borrowers.has(borrower)) throw secondToken(borrower);
    if (this.availableTokens <= 0 || this.#queue.size > 0) return false;
    this.#borrowers.add(borrower);
    return true;
  }

  #handOut(): void {
    for (
      let heir = this.#queue.first;
      heir !== null && this.availableTokens > 0;
      heir = this.#queue.first
    ) {
      const borrower = heir.subject ?? heir.task;
      if (this.#borrowers.has(borrower)) {
        // It asked twice and was not refused, as it had none then.
        heir.fail(secondToken(borrower));
      } else {
        this.#borrowers.add(borrower);
        heir.succeed();
      }
    }
  }
}

function secondToken(borrower: object): RelockError {
  return new RelockError(
    `Cannot acquire a second token of the limiter for ${nameOf(borrower)}: it has one already.`,
  );
}

function nameOf(borrower: object): string {
  return borrower instanceof TaskRecord ? `task '${borrower.name}'` : describe(borrower);
}

/** Others are told apart by identity, which values have none. */
function requireBorrower(borrower: unknown, action: string): void {
  if ((typeof borrower === "object" && borrower !== null) || typeof borrower === "function") return;
  throw new ArgumentError(
    `Cannot ${action} a token of the limiter on behalf of ${describe(borrower)}: an object is wanted.`,
  );
}

function checkTokens(totalTokens: number): number {
  if (totalTokens === Infinity || (Number.isInteger(totalTokens) && totalTokens >= 0))
    return totalTokens;
  throw new ArgumentError(
    `Cannot limit to ${describe(totalTokens)} tokens: a whole number, 0 or more, or Infinity is wanted.`,
  );
}
