// Those who wait at a lock, a queue or the like, in the order of their coming.
//
// One who was cancelled stays in line until it has its turn in the loop and leaves by itself. A lock minds that; everything
// else passes such a one over.
import type { Release } from "@trestle/host";
import { requireLoop } from "./current.js";
import { Future } from "./future.js";
import type { EventLoop } from "./event-loop.js";
import { endWithReason } from "./end-on-abort.js";
import { core } from "./internals.js";
import type { LoopBinding } from "./loop-binding.js";
import { checkSignal, onAbort, type SignalOption } from "./signal-option.js";

/** One for all who did not have to wait and get nothing: a promise costs more than all else that they do. */
const nothing: Promise<unknown> = Promise.resolve();

/** One who waits: a future that is done when it is woken. */
export class LineMember extends Future<void> {
  before: LineMember | undefined;
  after: LineMember | undefined;
  /** The line that it stands in. Its line owns this and the links. */
  line: Line | undefined;
  #unlisten: Release | undefined;

  constructor(loop: EventLoop, description: string, signal: AbortSignal | undefined) {
    super({ loop, description });
    if (signal !== undefined) this.#unlisten = onAbort(signal, this.#aborted);
  }

  /** Whether it was woken; it may be cancelled all the same before it goes on. */
  get isWoken(): boolean {
    return this[core].state === "succeeded";
  }

  /** It waits no more. */
  end(): void {
    this.#unlisten?.();
  }

  readonly #aborted = (reason: unknown): void => {
    if (!this.done()) endWithReason(this, reason);
  };
}

/** What a line may be told. */
export interface LineOptions {
  /** Whether they wait for certain tasks to end: then a deadlock lies there, and not here. */
  readonly isDerived?: boolean;
}

/** A line of those who wait for one thing. */
export class Line {
  readonly #binding: LoopBinding;
  readonly #description: string;
  readonly #isDerived: boolean;
  #first: LineMember | undefined;
  #last: LineMember | undefined;

  /** @param description what they wait for, for reports of what is stuck */
  constructor(binding: LoopBinding, description: string, options: LineOptions = {}) {
    this.#binding = binding;
    this.#description = description;
    this.#isDerived = options.isDerived ?? false;
  }

  /** The first in line, cancelled or not. */
  get first(): LineMember | undefined {
    return this.#first;
  }

  /** Whether somebody waits who has not been cancelled. */
  get hasPending(): boolean {
    this.#passOver();
    return this.#first !== undefined;
  }

  /**
   * Puts somebody last in line, who is to be awaited, and to leave in any case.
   *
   * @param action what the wait is for, for errors: "acquire the lock"
   * @throws NoLoopError, WrongLoopError, LoopClosedError
   */
  join(
    action: string,
    options: SignalOption | undefined,
    description = this.#description,
  ): LineMember {
    const loop = requireLoop(action);
    this.#binding.bind(loop, action);
    const member = new LineMember(loop, description, options?.signal);
    member[core].isDerived = this.#isDerived;
    member.line = this;
    member.before = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.after = member;
    this.#last = member;
    return member;
  }

  /**
   * Waits in line until it is open, and enters then. One who was woken and finds it shut waits again, at the end of the line; one
   * who was woken and gives up wakes the next.
   *
   * @param action as for `join`
   */
  pass<T>(
    isOpen: () => boolean,
    enter: () => T,
    action: string,
    options: SignalOption | undefined,
  ): Promise<T> {
    try {
      requireLoop(action);
      checkSignal(options, action);
      if (isOpen()) {
        const value = enter();
        return value === undefined ? (nothing as Promise<T>) : Promise.resolve(value);
      }
    } catch (error) {
      return Promise.reject(error);
    }
    // By callbacks, because it is the way of each item through a queue: an async function would make more promises.
    return new Promise((resolve, reject) => {
      const wait = (): void => {
        const member = this.join(action, options);
        const woken = (): void => {
          this.leave(member);
          try {
            if (isOpen()) resolve(enter());
            else wait();
          } catch (error) {
            reject(error);
          }
        };
        const gaveUp = (error: unknown): void => {
          this.leave(member);
          if (member.isWoken && isOpen()) this.wakeFirst();
          reject(error);
        };
        void member.then(woken, gaveUp);
      };
      wait();
    });
  }

  /** Takes somebody out who was woken, or has given up. */
  leave(member: LineMember): void {
    member.end();
    if (member.line === this) this.#remove(member);
  }

  /** Wakes and takes out the first who is not cancelled; gives whether there was one. */
  wakeFirst(): boolean {
    this.#passOver();
    const first = this.#first;
    if (first === undefined) return false;
    this.#remove(first);
    first.setResult();
    return true;
  }

  wakeAll(): void {
    while (this.wakeFirst());
  }

  #passOver(): void {
    while (this.#first?.done() === true) this.#remove(this.#first);
  }

  #remove(member: LineMember): void {
    const { before, after } = member;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    member.line = member.before = member.after = undefined;
  }
}
