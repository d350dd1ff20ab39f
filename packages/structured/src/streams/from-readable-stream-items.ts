import type { Operation } from "../operation.js";
import { SourcedItemStream, type ItemSource, type ItemStream } from "./item-stream.js";
import { WebReading } from "./web-reading.js";

/**
 * Makes a stream of items from a ReadableStream of anything. It locks and owns the ReadableStream from then on: closing
 * cancels it.
 *
 * It waits for nothing. An item is asked for when a task receives. A failure of the ReadableStream is the cause of a
 * BrokenResourceError. Source: ours. Flavor: structured.
 *
 * @throws ArgumentError for what is no ReadableStream, or is locked
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { closing, fromReadableStreamItems } from "@trestle/structured/streams";
 *
 * const numbers = new ReadableStream<number>({
 *   start(controller) {
 *     controller.enqueue(1);
 *     controller.close();
 *   },
 * });
 * await run(() =>
 *   closing(fromReadableStreamItems(numbers), (items) =>
 *     items.each(function* (item) {
 *       console.log(item);
 *     }),
 *   ),
 * );
 * ```
 */
export function fromReadableStreamItems<T>(readable: ReadableStream<T>): ItemStream<T> {
  return new SourcedItemStream(new WebItems(readable));
}

class WebItems<T> implements ItemSource<T> {
  readonly #reading: WebReading<T>;

  constructor(readable: ReadableStream<T>) {
    this.#reading = new WebReading(readable);
  }

  next(): Operation<{ readonly item: T } | undefined> {
    return this.#reading.next(
      () => undefined,
      (item) => ({ item }),
      () => undefined,
    );
  }

  aclose(): Operation<void> {
    return this.#reading.aclose();
  }
}
