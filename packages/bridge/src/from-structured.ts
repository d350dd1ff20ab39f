// Something of the structured flavor as loop code sees it: items for `for await`, or a resource.
import { ArgumentError, describe } from "@trestle/host";
import type { EventLoop, Future, LoopFunction } from "@trestle/loop";
import { named } from "@trestle/structured";
import { callAsync } from "./call-async.js";
import { openResource, type OpenResource } from "./opened-resource.js";
import { startStructured } from "./start-structured.js";
import { StructuredIterator } from "./structured-iterator.js";
import { isStructuredResource, isStructuredSource, throughResource } from "./structured-source.js";

/** A resource of structured code, in loop code. */
export interface LoopHolding<V> {
  /**
   * Enters the resource, runs an async function with what it gives, and leaves it, whatever happened.
   *
   * One structured task does that, and the function runs as a task of the loop that this one waits for: so a nursery or a scope may
   * be held, and what cancels it cancels the function. Cancelling the Future cancels both; it is done when the resource is left.
   *
   * @param body an async function that receives the value
   * @throws NoHostedLoopError at the call; through the Future what entering, body and leaving throw
   */
  hold<T>(body: (value: V) => PromiseLike<T>): Future<T>;
  /**
   * Enters the resource, and gives it open, for `await using`. The current task holds it, and is cancelled where the structured
   * side is: it is to close it then. `hold` does all that by itself, and lets go of the cancellation besides.
   *
   * @throws NoHostedLoopError at the call; through the Future what entering throws
   */
  open(): Future<OpenResource<V>>;
}

export class FromStructured implements AsyncIterable<unknown>, LoopHolding<unknown> {
  readonly #x: object;
  readonly #loop: () => EventLoop;

  constructor(x: object, loop: () => EventLoop) {
    this.#x = x;
    this.#loop = loop;
  }

  [Symbol.asyncIterator](): StructuredIterator<unknown> {
    if (!isStructuredSource(this.#x)) {
      throw new ArgumentError(
        `Cannot go through ${describe(this.#x)}: it gives no items.\nHold it: 'await asLoop(resource).hold(async (value) => { ... })'.`,
      );
    }
    return new StructuredIterator(this.#loop(), this.#x, "iteration");
  }

  hold<T>(body: LoopFunction<[value: unknown], T>): Future<T> {
    const resource = this.#resource();
    const loop = this.#loop();
    const inside = (value: unknown) => callAsync(() => loop, body, [value]);
    return startStructured(
      loop,
      named("resource", () => throughResource(resource, inside)),
      [],
    );
  }

  open(): Future<OpenResource<unknown>> {
    return openResource(this.#loop(), this.#resource(), "resource");
  }

  #resource(): object {
    if (isStructuredResource(this.#x)) return this.#x;
    throw new ArgumentError(
      `Cannot hold ${describe(this.#x)}: it is no resource.\nGo through its items by 'for await'.`,
    );
  }
}
