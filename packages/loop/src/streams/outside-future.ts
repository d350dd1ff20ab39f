import { endOnAbort, endWithReason } from "../end-on-abort.js";
import type { EventLoop } from "../event-loop.js";
import type { Future } from "../future.js";
import { core } from "../internals.js";
import type { SignalOption } from "../signal-option.js";

/** A future that something outside settles, a socket: a virtual clock stands still until it is done. */
export function outsideFuture(
  loop: EventLoop,
  description: string,
  options: SignalOption,
): Future<void> {
  const future = loop.createFuture<void>(description);
  future[core].whenDone(loop.host.hold(description));
  endOnAbort(future, options, (reason) => endWithReason(future, reason));
  return future;
}
