// A structured resource that loop code has open: one structured task has entered it, waits inside until it is closed, and leaves it.
//
// The task of the loop that has opened it holds it. Where the structured side is cancelled meanwhile, a failing nursery for one, the
// holder is cancelled, and the resource left when it has closed it; at latest, in any case, when the holder has ended.
import { failure, success } from "@trestle/host";
import { type EventLoop, CancelledError, currentTask, type Future, type Task } from "@trestle/loop";
import { named, type Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { HostStep } from "./host-step.js";
import { startStructured } from "./start-structured.js";
import { throughResource } from "./structured-source.js";
import { waitForFuture } from "./translate-cancel.js";

/**
 * A structured resource that is open in loop code, to be disposed of by `await using`. It is closed at latest when the task that
 * opened it has ended. Source: ours. Flavor: loop.
 */
export interface OpenResource<V> extends AsyncDisposable {
  /** What entering gave. */
  readonly value: V;
  /**
   * Leaves the resource, and waits for that; once. An error that is given ends its body: a nursery cancels its children. What
   * leaving makes of it is thrown; a cancellation is not.
   */
  close(error?: unknown): Future<void>;
}

/** Enters a resource in a structured task of its own; the Future is done when it is open. */
export function openResource(
  loop: EventLoop,
  resource: object,
  name: string,
): Future<OpenResource<unknown>> {
  return new Opening(loop, resource, name).opened;
}

class Opening implements OpenResource<unknown> {
  readonly opened: HostStep<OpenResource<unknown>>;
  value: unknown;
  /** What the task inside waits for. */
  readonly #closing: HostStep<void>;
  readonly #closed: HostStep<void>;
  readonly #host: Future<void>;
  readonly #holder: Task<unknown> | undefined = currentTask();
  #isInterrupted = false;

  constructor(loop: EventLoop, resource: object, name: string) {
    const step = <T>(what: string, ask: (message: string | undefined) => void): HostStep<T> =>
      new HostStep({ loop, description: `the ${what} of '${name}'` }, ask);
    this.opened = step("opening", (message) => this.#host.cancel(message));
    this.#closing = step("end", (message) => this.#cancelled(message));
    this.#closed = step("closing", () => {});
    const inside = (value: unknown): Operation<void> => this.#inside(value);
    const host = named(name, () => throughResource(resource, inside));
    this.#host = startStructured(loop, host, []);
    this.#host.addDoneCallback(() => this.#left());
    this.#holder?.addDoneCallback(() => this.#closing.settle(success()));
  }

  close(...args: [] | [error?: unknown]): Future<void> {
    const [error] = args;
    if (!this.#closing.done()) {
      this.#closing.settle(error === undefined ? success() : failure(error));
      if (this.#isInterrupted) this.#holder?.uncancel();
    }
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  *#inside(value: unknown): Operation<void> {
    this.value = value;
    this.opened.settle(success(this));
    yield* suspend(waitForFuture(this.#closing), "the closing by loop code");
  }

  /** The structured side is cancelled: whoever holds the resource has to let go of it first. */
  #cancelled(message: string | undefined): void {
    const holder = this.#holder;
    if (holder === undefined || holder.done()) {
      this.#closing.settle(failure(new CancelledError(message)));
      return;
    }
    // Not at once: the holder may be about to close it.
    holder.loop.callSoon(() => {
      if (this.#closing.done()) return;
      this.#isInterrupted = true;
      holder.cancel(message);
    });
  }

  #left(): void {
    try {
      this.#host.result();
      this.#end(success());
    } catch (error) {
      this.#end(error instanceof CancelledError && this.opened.done() ? success() : failure(error));
    }
  }

  #end(outcome: ReturnType<typeof success<void>> | ReturnType<typeof failure>): void {
    if (this.opened.done()) this.#closed.settle(outcome);
    else this.opened.settle(outcome as never);
  }
}
