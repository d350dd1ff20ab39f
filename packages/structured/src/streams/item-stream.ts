import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { EndOfChannel } from "../sync/resource-errors.js";
import type { AsyncResource } from "./stream.js";

/** A stream of things that are no bytes: objects, or strings. It is received from as from a channel. Source: ours. */
export interface ItemStream<T> extends AsyncResource {
  /**
   * Gives the next item. Waits until there is one. Cancelled, it has taken none.
   *
   * @throws EndOfChannel at the end of the stream; ClosedResourceError, BrokenResourceError and BusyResourceError as
   * `receiveSome` does
   */
  receive(): Operation<T>;
  /** Runs a body for each item, one after another, until the stream ends. Waits for items and bodies. */
  each(body: (item: T) => Operation<unknown>): Operation<void>;
}

/** What a stream of items is made of. */
export interface ItemSource<T> {
  /** Gives the next item in a box, nothing at the end. */
  next(): Operation<{ readonly item: T } | undefined>;
  aclose(): Operation<void>;
}

export class SourcedItemStream<T> implements ItemStream<T> {
  readonly #source: ItemSource<T>;

  constructor(source: ItemSource<T>) {
    this.#source = source;
  }

  *receive(): Operation<T> {
    const found = yield* this.#source.next();
    if (found === undefined) throw new EndOfChannel();
    return found.item;
  }

  *each(body: (item: T) => Operation<unknown>): Operation<void> {
    for (;;) {
      const found = yield* this.#source.next();
      if (found === undefined) return;
      yield* callStructured(body, [found.item], "receive each item");
    }
  }

  aclose(): Operation<void> {
    return this.#source.aclose();
  }
}
