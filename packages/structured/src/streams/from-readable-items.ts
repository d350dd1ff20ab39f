import type { Operation } from "../operation.js";
import { SourcedItemStream, type ItemSource, type ItemStream } from "./item-stream.js";
import { NodeReading } from "./node-reading.js";
import { requireNodeStream, type NodeReadable } from "./node-stream.js";
import { NodeWatch } from "./node-watch.js";

/**
 * Makes a stream of items from a Readable of Node in object mode, or from one with an encoding, whose items are strings. It
 * owns the Readable from then on: closing it destroys the Readable.
 *
 * It waits for nothing. A failure of the Readable is a BrokenResourceError with that failure as its cause, and so is one that is
 * closed before its end. Source: ours. Flavor: structured.
 *
 * @throws ArgumentError for what is no Readable
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { closing, fromReadableItems } from "@trestle/structured/streams";
 * import { Readable } from "node:stream";
 *
 * await run(() =>
 *   closing(fromReadableItems<{ id: number }>(Readable.from([{ id: 1 }, { id: 2 }])), (items) =>
 *     items.each(function* ({ id }) {
 *       console.log(id);
 *     }),
 *   ),
 * );
 * ```
 */
export function fromReadableItems<T>(readable: NodeReadable): ItemStream<T> {
  requireNodeStream(readable, ["read"], "Readable");
  return new SourcedItemStream(new NodeItems<T>(readable));
}

class NodeItems<T> implements ItemSource<T> {
  readonly #readable: NodeReadable;
  readonly #watch: NodeWatch;
  readonly #reading: NodeReading;

  constructor(readable: NodeReadable) {
    this.#readable = readable;
    this.#watch = new NodeWatch(readable);
    this.#reading = new NodeReading(readable, this.#watch);
  }

  next(): Operation<{ readonly item: T } | undefined> {
    return this.#reading.next(
      () => {
        const item = this.#readable.read();
        return item === null ? null : { item: item as T };
      },
      () => undefined,
    );
  }

  aclose(): Operation<void> {
    return this.#watch.close(function* () {});
  }
}
