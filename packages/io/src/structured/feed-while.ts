import { BrokenResourceError, isCancelled, openNursery, type Operation } from "@trestle/structured";
import { fromWritable, type ReceiveStream } from "@trestle/structured/streams";
import type { Writable } from "node:stream";

/** How the two ended. */
interface Ends<T> {
  failed?: { readonly error: unknown };
  value?: T;
}

/**
 * Sends a stream into the input of a process while something else runs, and gives the value of that. An input that breaks, because
 * the process does not read all of it, is no failure; an error of the stream is, and comes out as it is.
 */
export function* feedWhile<T>(
  source: ReceiveStream,
  input: Writable,
  main: Operation<T>,
): Operation<T> {
  const ends: Ends<T> = {};
  yield* openNursery(function* (nursery) {
    function* failing(work: () => Operation<void>): Operation<void> {
      try {
        yield* work();
      } catch (error) {
        if (isCancelled(error)) throw error;
        ends.failed ??= { error };
        nursery.cancelScope.cancel("the feeding of a process has failed");
      }
    }
    nursery.startSoon(failing, () => feed(source, input));
    yield* failing(function* () {
      ends.value = yield* main;
      nursery.cancelScope.cancel("the process has ended");
    });
  });
  if (ends.failed !== undefined) throw ends.failed.error;
  return ends.value as T;
}

function* feed(source: ReceiveStream, input: Writable): Operation<void> {
  const stream = fromWritable(input);
  for (;;) {
    const chunk = yield* source.receiveSome();
    try {
      if (chunk.length > 0) {
        yield* stream.sendAll(chunk);
      } else {
        yield* stream.aclose();
        return;
      }
    } catch (error) {
      if (error instanceof BrokenResourceError) return;
      throw error;
    }
  }
}
