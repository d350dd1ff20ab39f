// Work that structured code has let go of: it was told to stop, and nobody waits until it does. What of it goes on when its loop
// shuts down is named there, for nobody else would.
import type { EventLoop, Future } from "@trestle/loop";

const abandoned = new WeakMap<EventLoop, Set<Future<unknown>>>();

/** Notes a Future that nobody waits for any more, until it is done. Its failure is nobody's. */
export function abandon(future: Future<unknown>): void {
  if (future.done()) return;
  const futures = abandoned.get(future.loop) ?? new Set();
  abandoned.set(future.loop, futures);
  futures.add(future);
  future.addDoneCallback(() => {
    futures.delete(future);
    // With this somebody has looked at it.
    if (!future.cancelled()) future.exception();
  });
}

/** Whether nobody waits for the Future any more. */
export function isAbandoned(future: Future<unknown>): boolean {
  return abandoned.get(future.loop)?.has(future) ?? false;
}

/** What was let go of in a loop and is not done, in the order of the letting go. */
export function abandonedIn(loop: EventLoop): readonly Future<unknown>[] {
  return [...(abandoned.get(loop) ?? [])].filter((future) => !future.done());
}
