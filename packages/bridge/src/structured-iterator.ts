// An async iterator whose steps run in one structured task, in the loop's nursery, from the first step on.
//
//   new ── next ──▶ the task runs ── it sends an item, or has received one ──▶ it waits until the next is asked for ── next ──▶ it runs
//   it runs, it waits ── return: it is cancelled ── it has ended ──▶ over
//   it runs ── it ends, or fails ──▶ over
//
// Cancelling a step of `each` cancels the task, for it is inside of the source's code; cancelling a step of `receive` cancels that
// receive, which has taken nothing then. What a task fails with while nobody waits is thrown by the step that is next.
import { failure, success, type Outcome } from "@trestle/host";
import { type EventLoop, CancelledError, type Future } from "@trestle/loop";
import { EndOfChannel, isCancelled, named, type Operation } from "@trestle/structured";
import { cancellationOf, HostStep } from "./host-step.js";
import { methodOf } from "./loop-resource.js";
import { RequestQueue } from "./request-queue.js";
import { startStructured } from "./start-structured.js";
import type { StructuredEach, StructuredReceive } from "./structured-source.js";
import { StructuredCall } from "./translate-cancel.js";

type Result<T> = IteratorResult<T, undefined>;

interface Request<T> {
  readonly step: HostStep<Result<T>> | StructuredCall<Result<T>>;
  /** What `throw` was given. */
  thrown: { readonly error: unknown } | undefined;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Loop code's way through a structured source. Source: JavaScript's async iterators. Flavor: loop. */
export class StructuredIterator<T> implements AsyncIterableIterator<T, undefined>, AsyncDisposable {
  readonly #loop: EventLoop;
  readonly #source: object;
  readonly #name: string;
  readonly #requests = new RequestQueue<Request<T>>();
  /** The task, until somebody was told how it has ended. */
  #host: Future<void> | undefined;
  #hasEnded = false;
  #leaving: HostStep<Result<T>> | undefined;

  constructor(loop: EventLoop, source: object, name: string) {
    this.#loop = loop;
    this.#source = source;
    this.#name = name;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Gives the next item, or the end. */
  next(): Future<Result<T>> {
    if (this.#host === undefined && !this.#hasEnded) this.#start();
    return this.#ask(undefined);
  }

  /** Ends the source: its task is cancelled, and waited for. One that can be closed is closed. */
  return(): Future<Result<T>> {
    if (this.#leaving !== undefined) return this.#leaving;
    this.#leaving = this.#step("the end of", () => {});
    if (this.#hasEnded) this.#settle(this.#leaving);
    else if (this.#host === undefined) this.#end();
    else this.#host.cancel("loop code has left the iteration");
    return this.#leaving;
  }

  /** Throws an error into the source, at the `send` where it waits. Before the first step it ends the iteration. */
  throw(error: unknown): Future<Result<T>> {
    if (this.#host === undefined) this.#end();
    if (!this.#hasEnded) return this.#ask({ error });
    const step = this.#step("an error thrown into", () => {});
    const ending = this.#ending;
    step.settle(ending.ok ? failure(error) : ending);
    return step;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  get #receives(): boolean {
    return methodOf(this.#source, "receive") !== undefined;
  }

  #start(): void {
    const host = named(this.#name, () => (this.#receives ? this.#receiveAll() : this.#each()));
    this.#host = startStructured(this.#loop, host, []);
    this.#host.addDoneCallback(() => this.#end());
  }

  #ask(thrown: Request<T>["thrown"]): Future<Result<T>> {
    if (this.#hasEnded) {
      const step = this.#step("the next item of", () => {});
      this.#settle(step);
      return step;
    }
    const description = `the next item of '${this.#name}'`;
    const step = this.#receives
      ? new StructuredCall<Result<T>>({ loop: this.#loop, description })
      : this.#step("the next item of", (message) => this.#host?.cancel(message));
    this.#requests.push({ step, thrown });
    return step;
  }

  #step(what: string, ask: (message: string | undefined) => void): HostStep<Result<T>> {
    return new HostStep({ loop: this.#loop, description: `${what} '${this.#name}'` }, ask);
  }

  /** The work of the task, for a source that sends. */
  *#each(): Operation<void> {
    yield* (this.#source as StructuredEach<T>).each((item) => this.#send(item));
  }

  *#send(item: T): Operation<void> {
    const request = yield* this.#wanted();
    this.#requests.remove(request);
    (request.step as HostStep<Result<T>>).settle(success({ done: false, value: item }));
    yield* this.#wanted();
  }

  /** Waits until a step is asked for; an error that was thrown in is thrown here. */
  *#wanted(): Operation<Request<T>> {
    const request = yield* this.#requests.first();
    const { thrown } = request;
    if (thrown === undefined) return request;
    request.thrown = undefined;
    throw thrown.error;
  }

  /** The work of the task, for a source that is asked. */
  *#receiveAll(): Operation<void> {
    let isOver = false;
    const receive = (): Operation<Result<T>> =>
      this.#receive(() => {
        isOver = true;
      });
    while (!isOver) {
      const request = yield* this.#wanted();
      this.#requests.remove(request);
      yield* (request.step as StructuredCall<Result<T>>).host(receive);
    }
  }

  *#receive(end: () => void): Operation<Result<T>> {
    try {
      return { done: false, value: yield* (this.#source as StructuredReceive<T>).receive() };
    } catch (error) {
      if (!isCancelled(error)) end();
      if (error instanceof EndOfChannel) return DONE;
      throw error;
    }
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    // One that was left is closed, so that the other end of it hears.
    if (this.#leaving !== undefined) methodOf(this.#source, "close")?.call(this.#source);
    for (const { step } of this.#requests.takeAll()) this.#settle(step);
    if (this.#leaving !== undefined) this.#settle(this.#leaving);
  }

  #settle(step: Request<T>["step"]): void {
    const outcome = this.#ending;
    if (step instanceof HostStep) step.settle(outcome);
    else if (!step.done()) settleCall(step, outcome);
  }

  /** The end, as the next step sees it: the task's failure, once. Where nobody asks it is one that nobody looked at. */
  get #ending(): Outcome<Result<T>> {
    const host = this.#host;
    this.#host = undefined;
    try {
      host?.result();
      return success(DONE);
    } catch (error) {
      const isOwn = this.#leaving !== undefined && error instanceof CancelledError;
      return isOwn ? success(DONE) : failure(error);
    }
  }
}

function settleCall<T>(call: StructuredCall<T>, outcome: Outcome<T>): void {
  if (outcome.ok) call.setResult(outcome.value);
  else if (cancellationOf(outcome.error) === undefined) call.setException(outcome.error);
  else call.cancel();
}
