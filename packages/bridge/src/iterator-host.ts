// One task of a loop in which all steps of an async iterator run, for structured code that goes through it. What the iterator
// keys on the current task, or sets in its async context, holds from one step to the next.
//
//   idle ── a step is asked for ──▶ in a step ── it ends ──▶ idle
//   idle, in a step ── the closing has run, which is a step as well ──▶ ended
//
// A step that is cancelled before its turn is withdrawn. The closing always runs: a cancellation that came before is delivered at
// its first suspension. Somebody else's cancellation finds the step that runs; an idle host closes its iterator by itself.
import { ArgumentError, describe, failure, success, type Outcome } from "@trestle/host";
import { CancelledError, type EventLoop, type Future, type Task } from "@trestle/loop";
import { ClosedResourceError, type Operation } from "@trestle/structured";
import { suspend, type ArmedWait, type Waiter } from "@trestle/structured/lowlevel";
import { HostStep } from "./host-step.js";
import { FutureWait } from "./translate-cancel.js";

/** A step that was asked for. */
interface Request {
  readonly step: HostStep<unknown>;
  readonly action: () => unknown;
  readonly mustRun: boolean;
  /** A cancellation that came before the turn of a step that runs all the same. */
  asked: { readonly message: string | undefined } | undefined;
}

export class IteratorHost<T, R, N> {
  readonly #loop: EventLoop;
  readonly #start: () => unknown;
  readonly #task: Task<void>;
  readonly #requests: Request[] = [];
  #running: Request | undefined;
  #idle: Future<void> | undefined;
  #iterator: AsyncIterator<T, R, N> | undefined;
  /** Whether there is nothing to be closed: the iterator has come to its end, or has failed. */
  #isOver = false;
  #closing: HostStep<unknown> | undefined;
  #hasEnded = false;
  #isClosed = false;

  /**
   * @param start gives what is iterated, or a promise of it; called in the host, at the first step
   * @param name of the task
   */
  constructor(loop: EventLoop, start: () => unknown, name: string) {
    this.#loop = loop;
    this.#start = start;
    this.#task = loop.createTask(() => this.#serve());
    this.#task.name = name;
    this.#task.addDoneCallback(() => this.#ended());
  }

  next(args: [] | [value: N]): Operation<IteratorResult<T, R>> {
    return this.#step("the next item of an async iterable", async () => {
      const iterator = await this.#begun();
      return this.#follow(() => iterator.next(...args));
    });
  }

  return(value: R): Operation<IteratorResult<T, R>> {
    return this.#step("the end of an async iterator", async () => {
      const iterator = await this.#begun();
      if (iterator.return === undefined) {
        this.#isOver = true;
        return { done: true, value };
      }
      const end = iterator.return.bind(iterator);
      return this.#follow(() => end(value));
    });
  }

  throw(error: unknown): Operation<IteratorResult<T, R>> {
    return this.#step("what an async iterator makes of an error", async () => {
      const iterator = await this.#begun();
      if (iterator.throw === undefined) {
        this.#isOver = true;
        await iterator.return?.();
        throw error;
      }
      const fail = iterator.throw.bind(iterator);
      return this.#follow(() => fail(error));
    });
  }

  /** Closes the iterator, unless it is over, and ends the host. It is run for a cancelled task as well. */
  close(): Operation<void> {
    const arm = (waiter: Waiter<void>): ArmedWait => {
      this.#isClosed = true;
      return new FutureWait(this.#beginClosing() as Future<void>, waiter);
    };
    return suspend({ arm }, "the closing of an async iterator");
  }

  #step(
    what: string,
    action: () => Promise<IteratorResult<T, R>>,
  ): Operation<IteratorResult<T, R>> {
    const arm = (waiter: Waiter<IteratorResult<T, R>>): ArmedWait => {
      if (this.#isClosed) throw new ClosedResourceError("go on with an async iterator");
      const step = this.#request(action, what) as HostStep<IteratorResult<T, R>>;
      return new FutureWait(step, waiter);
    };
    return suspend({ arm }, what);
  }

  #beginClosing(): HostStep<unknown> {
    return (this.#closing ??= this.#request(() => this.#end(), "the closing", { mustRun: true }));
  }

  #request(
    action: () => unknown,
    what: string,
    { mustRun }: { readonly mustRun: boolean } = { mustRun: false },
  ): HostStep<unknown> {
    const step = new HostStep<unknown>({ loop: this.#loop, description: what }, (message) =>
      this.#ask(request, message),
    );
    const request: Request = { step, action, mustRun, asked: undefined };
    if (this.#hasEnded) {
      step.settle(mustRun ? success() : failure(new CancelledError(gone(this.#task))));
    } else {
      this.#requests.push(request);
      if (this.#idle?.done() === false) this.#idle.setResult();
    }
    return step;
  }

  #ask(request: Request, message: string | undefined): void {
    if (request === this.#running) {
      this.#task.cancel(message);
    } else if (request.mustRun) {
      request.asked = { message };
    } else {
      this.#requests.splice(this.#requests.indexOf(request), 1);
      request.step.settle(failure(new CancelledError(message)));
    }
  }

  /** The work of the task. */
  async #serve(): Promise<void> {
    while (!this.#hasEnded) {
      const request = this.#requests.shift();
      if (request === undefined) await this.#rest();
      else await this.#perform(request);
    }
  }

  async #rest(): Promise<void> {
    this.#idle = this.#loop.createFuture("the next step that structured code asks for");
    try {
      await this.#idle;
    } catch {
      void this.#beginClosing();
    }
    this.#idle = undefined;
  }

  async #perform(request: Request): Promise<void> {
    this.#running = request;
    if (request.asked !== undefined) this.#task.cancel(request.asked.message);
    let outcome: Outcome<unknown>;
    try {
      outcome = success(await request.action());
    } catch (error) {
      outcome = failure(error);
    }
    this.#running = undefined;
    if (request.step.isAsked) await this.#takeBackCancel();
    request.step.settle(outcome);
  }

  /** The step has answered its cancellation; what nothing in it has taken would come at the next Future. */
  async #takeBackCancel(): Promise<void> {
    this.#task.uncancel();
    const turn = this.#loop.createFuture<void>("a turn");
    this.#loop.callSoon(() => {
      if (!turn.done()) turn.setResult();
    });
    try {
      await turn;
    } catch {
      // That was it.
    }
  }

  async #begun(): Promise<AsyncIterator<T, R, N>> {
    if (this.#iterator !== undefined) return this.#iterator;
    const started = this.#start();
    const iterable = isAsyncIterable(started) ? started : await started;
    if (!isAsyncIterable(iterable)) {
      throw new ArgumentError(
        `Cannot go through ${describe(iterable)}: it is no async iterable.\nGive an object that 'for await' takes, or a function that returns one.`,
      );
    }
    this.#iterator = iterable[Symbol.asyncIterator]() as AsyncIterator<T, R, N>;
    return this.#iterator;
  }

  async #follow(step: () => PromiseLike<IteratorResult<T, R>>): Promise<IteratorResult<T, R>> {
    let result: unknown;
    try {
      result = await step();
    } catch (error) {
      // One that was cancelled on its way may hold something still; one that has failed is over.
      this.#isOver = this.#running?.step.isAsked !== true;
      throw error;
    }
    if (typeof result !== "object" || result === null) {
      throw new ArgumentError(
        `Cannot go through an async iterable: its iterator gave ${describe(result)}, which is no iterator result.`,
      );
    }
    this.#isOver = Boolean((result as IteratorResult<T, R>).done);
    return result as IteratorResult<T, R>;
  }

  async #end(): Promise<void> {
    try {
      if (!this.#isOver) await this.#iterator?.return?.();
    } finally {
      this.#hasEnded = true;
    }
  }

  /** The task has ended; it may never have begun. */
  #ended(): void {
    this.#hasEnded = true;
    for (const { step, mustRun } of this.#requests.splice(0)) {
      step.settle(mustRun ? success() : failure(new CancelledError(gone(this.#task))));
    }
  }
}

function gone(task: Task<void>): string {
  return `${task.describe()}, which goes through an async iterable, has ended`;
}

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    Symbol.asyncIterator in value &&
    typeof value[Symbol.asyncIterator] === "function"
  );
}
