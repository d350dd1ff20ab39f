// What `then` registers with a future, and what it gives back: an await in the making. It is a promise itself, but the native
// promise behind it is only made when somebody chains on it or when it fails with nobody there: an `await` does neither, and
// saves it.
import { callIn, type Context } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import type { FutureCore } from "./future-core.js";
import type { Future } from "./future.js";
import { internals } from "./internals.js";
import type { Ready } from "./ready.js";
import type { Wait, WaitOwner } from "./waits.js";

/** A handler of `then`. */
export type Handler<T, R> = ((value: T) => R | PromiseLike<R>) | null | undefined;

/** Who waited for a future. */
export interface Receiver {
  accept(value: unknown): void;
  refuse(error: unknown): void;
}

interface Resolvers {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const settled = Promise.resolve();

/** Waits for a future on behalf of a task, or of nobody, and then calls one of two handlers. */
export class Waiter<T, R1, R2> implements Ready, Receiver, Wait, Promise<R1 | R2> {
  readonly withdrawn = false;
  previous: Wait | undefined;
  next: Wait | undefined;
  /** Where it waits, in debug mode. */
  stack: string | undefined;
  readonly #core: FutureCore;
  readonly #owner: WaitOwner;
  /** Handlers are called in the async context of who wrote them; undefined for those of an `await`, which take any. */
  readonly #context: Context | undefined;
  #accepting: Handler<T, R1>;
  #refusing: Handler<unknown, R2>;
  #interruption: { readonly error: unknown } | undefined;
  #isListed = false;
  #isDone = false;
  #hasFailed = false;
  #result: unknown;
  #chained: Resolvers | Promise<unknown> | undefined;

  constructor(
    core: FutureCore,
    owner: WaitOwner,
    accepting: Handler<T, R1>,
    refusing: Handler<unknown, R2>,
    context: Context | undefined,
  ) {
    this.#core = core;
    this.#owner = owner;
    this.#accepting = accepting;
    this.#refusing = refusing;
    this.#context = context;
  }

  get [Symbol.toStringTag](): string {
    return "Waiter";
  }

  get future(): Future<unknown> {
    return this.#core.future;
  }

  /** Whether a handler was called. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether nobody can tell when the handlers are called: those of an `await` are the platform's own. */
  get isAwait(): boolean {
    return isNative(this.#accepting) && isNative(this.#refusing);
  }

  /** The future is pending: the loop calls when it is done. */
  startWait(): void {
    this.#isListed = true;
    this.#owner.startWait(this);
  }

  /** The future is done, or the wait was broken off. */
  step(): boolean {
    if (this.#isDone) return true;
    if (this.#isListed) this.#owner.endWait(this);
    const cancelled = this.#owner.takeCancellation();
    if (this.#interruption === undefined) this.#core.handOver(this, cancelled);
    else this.refuse(cancelled ?? this.#interruption.error);
    return false;
  }

  describe(): string {
    return `${this.#owner.describeOwner()}, after it had waited for ${this.future.describe()},`;
  }

  /** Ends the wait with an error, in the next iteration of a loop: the future's unless given. */
  breakOff(error: unknown, loop: EventLoop = this.#core.loop.place.loop): void {
    this.#interruption ??= { error };
    loop[internals].scheduler.enqueue(this);
  }

  /** The future was done before somebody waited: the handler is called soon, without the loop. */
  handOverSoon(): void {
    void settled.then(() => this.#core.handOver(this, undefined));
  }

  accept(value: unknown): void {
    this.#end(this.#accepting as Handler<unknown, unknown>, value, false);
  }

  refuse(error: unknown): void {
    this.#end(this.#refusing, error, true);
  }

  then<S1 = R1 | R2, S2 = never>(
    onFulfilled?: Handler<R1 | R2, S1>,
    onRejected?: Handler<unknown, S2>,
  ): Promise<S1 | S2> {
    return (this.#promise() as Promise<R1 | R2>).then(onFulfilled, onRejected);
  }

  catch<S = never>(onRejected?: Handler<unknown, S>): Promise<R1 | R2 | S> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<R1 | R2> {
    return (this.#promise() as Promise<R1 | R2>).finally(onFinally);
  }

  #end(handler: Handler<unknown, unknown>, value: unknown, isError: boolean): void {
    this.#isDone = true;
    this.#accepting = undefined;
    this.#refusing = undefined;
    this.#result = value;
    this.#hasFailed = isError;
    if (typeof handler === "function") {
      try {
        this.#result = this.#call(handler, value);
        this.#hasFailed = false;
        // As of native promises, in their words.
        if (this.#result === this) throw new TypeError("Chaining cycle detected for promise");
      } catch (error) {
        this.#result = error;
        this.#hasFailed = true;
      }
    }
    this.#settleChained();
  }

  #settleChained(): void {
    const chained = this.#chained;
    if (chained !== undefined && "resolve" in chained) {
      if (this.#hasFailed) chained.reject(this.#result);
      // A handler may have given a Future, which is to be awaited by whoever wrote the handler.
      else this.#call(chained.resolve, this.#result);
    } else if (this.#hasFailed) {
      // Nobody chained so far: the platform reports it, unless somebody does in time.
      this.#chained = Promise.reject(this.#result);
    }
  }

  #call<A, R>(fn: (argument: A) => R, argument: A): R {
    return this.#context === undefined ? fn(argument) : callIn(this.#context, fn, argument);
  }

  #promise(): Promise<unknown> {
    this.#chained ??= this.#isDone ? Promise.resolve(this.#result) : makeResolvers();
    return "resolve" in this.#chained ? this.#chained.promise : this.#chained;
  }
}

function isNative(handler: unknown): boolean {
  return (
    typeof handler === "function" && nativeText.test(Function.prototype.toString.call(handler))
  );
}

const nativeText = /^function\s*\(\)\s*\{\s*\[native code\]\s*\}$/u;

function makeResolvers(): Resolvers {
  let resolve!: Resolvers["resolve"];
  let reject!: Resolvers["reject"];
  const promise = new Promise<unknown>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
