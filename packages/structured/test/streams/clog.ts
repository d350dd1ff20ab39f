import { CancelScope, openNursery, type Operation } from "../../src/index.js";
import type { SendStream } from "../../src/streams.js";
import { waitAllTasksBlocked } from "../../src/testing.js";

/** Sends until the stream takes no more, and gives up then. */
export function* clog(stream: SendStream, size = 1): Operation<void> {
  const scope = new CancelScope();
  yield* openNursery(function* (nursery) {
    nursery.startSoon(() => scope.run(() => stream.sendAll(new Uint8Array(size))));
    yield* waitAllTasksBlocked();
    scope.cancel();
  });
}
