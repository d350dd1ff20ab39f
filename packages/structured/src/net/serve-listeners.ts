import { ArgumentError, describe } from "@trestle/host";
import { isCancelled } from "../cancelled.js";
import { openNursery, type Nursery } from "../nursery.js";
import { requireStructured } from "../operation-of.js";
import type { Operation, StructuredFunction } from "../operation.js";
import { sleep } from "../sleep.js";
import type { TaskStatus } from "../start.js";
import { acloseForcefully } from "../streams/aclose-forcefully.js";
import type { AsyncResource, Listener } from "../streams/stream.js";
import type { Task } from "../task.js";
import { moveOnAfter } from "../timeouts.js";
import { warn } from "../warn.js";
import { ConnectionHandlers, type HandlerErrorPolicy } from "./connection-handlers.js";
import type { GracefulStop } from "./graceful-stop.js";
import { hasCode } from "./system-error.js";

const RETRY_MS = 100;

/** What the system says when it has run out of something that it may have again soon. */
const EXHAUSTED = ["EMFILE", "ENFILE", "ENOMEM", "ENOBUFS"];

/** How connections are served. */
export interface ServeOptions<S extends AsyncResource, L = Listener<S>> {
  /** Where the handlers run; in the server, and cancelled with it, unless given. */
  readonly handlerNursery?: Nursery;
  /**
   * What becomes of an error of a handler. `"warn"`, unless given: a warning of the process tells it, and the server goes on.
   * `"crash"`: it ends the nursery that the handler runs in, the server's own or `handlerNursery`, as Trio has it. A function: it
   * is called, before the server goes on, and what it throws ends that nursery.
   */
  readonly onHandlerError?: HandlerErrorPolicy<S>;
  /** Is told the listeners when connections can come in: the status that `nursery.start` gives. */
  readonly status?: TaskStatus<readonly L[]>;
  /** Stops the server gracefully, when it is requested. */
  readonly stop?: GracefulStop;
}

/**
 * Serves the connections that come in at some listeners: each in a task of its own, by the handler. When the handler has ended,
 * in whatever way, the stream is closed by force.
 *
 * Waits until it is cancelled, which cancels the handlers too, or until `stop` is requested and the handlers have ended. The
 * listeners are closed then, in any case. Where the system is out of descriptors or memory, it warns and tries again every 100
 * milliseconds.
 *
 * Source: Trio's `serve_listeners`, where an error of a handler ends the server and there is no graceful stop. Flavor:
 * structured.
 *
 * @param handler gets the stream
 * @param listeners are the server's from now on
 * @throws ExceptionGroup of what a listener failed with, and of what handlers did where that is asked for; ArgumentError, at
 * the call
 * @example
 * ```ts no-run
 * import { openNursery, run } from "@trestle/structured";
 * import { openTcpListeners, serveListeners } from "@trestle/structured/net";
 * import { eachChunk } from "@trestle/structured/streams";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const listeners = yield* openTcpListeners(0, { host: "127.0.0.1" });
 *     nursery.startSoon(() =>
 *       serveListeners((stream) => eachChunk(stream, (chunk) => stream.sendAll(chunk)), listeners),
 *     );
 *     nursery.cancelScope.cancel();
 *   }),
 * );
 * ```
 */
export function serveListeners<S extends AsyncResource, L extends Listener<S>>(
  handler: StructuredFunction<[stream: S], unknown>,
  listeners: readonly (L & Listener<S>)[],
  options: ServeOptions<S, L> = {},
): Operation<void> {
  requireServing(handler, options);
  return openNursery(serve<S, L>, handler, listeners, options);
}

/** Throws for what `serveListeners` would refuse; for those who have something to open before they call it. */
export function requireServing<S extends AsyncResource, L>(
  handler: StructuredFunction<[stream: S], unknown>,
  options: ServeOptions<S, L>,
): void {
  requireStructured(handler, "serve connections");
  const { onHandlerError: policy = "warn" } = options;
  if (policy === "warn" || policy === "crash" || typeof policy === "function") return;
  throw new ArgumentError(
    `Cannot treat errors of a handler by ${describe(policy)}: "warn", "crash" or a function is wanted.`,
  );
}

function* serve<S extends AsyncResource, L extends Listener<S>>(
  nursery: Nursery,
  handler: StructuredFunction<[stream: S], unknown>,
  listeners: readonly L[],
  options: ServeOptions<S, L>,
): Operation<void> {
  const { handlerNursery = nursery, onHandlerError = "warn", status, stop } = options;
  const handlers = new ConnectionHandlers(handlerNursery, handler, onHandlerError);
  // A task runs to its first checkpoint also where it was cancelled before, so each listener gets closed.
  const accepting = listeners.map((listener) =>
    nursery.startSoon(acceptConnections<S>, listener, handlers),
  );
  status?.started(listeners);
  if (stop === undefined) return;
  yield* stop.wait();
  for (const task of accepting) task.cancel("the server stops");
  for (const task of accepting) yield* ended(task);
  yield* moveOnAfter(stop.gracePeriod, () => handlers.ended());
  handlers.cancel("the server stops, and the time for its connections is over");
  yield* handlers.ended();
}

/** Waits until a task has ended; how it did is its nursery's business. */
function* ended(task: Task<void>): Operation<void> {
  try {
    yield* task.join();
  } catch (error) {
    if (isCancelled(error)) throw error;
  }
}

function* acceptConnections<S extends AsyncResource>(
  listener: Listener<S>,
  handlers: ConnectionHandlers<S>,
): Operation<void> {
  try {
    for (;;) yield* acceptOne(listener, handlers);
  } finally {
    yield* acloseForcefully(listener);
  }
}

function* acceptOne<S extends AsyncResource>(
  listener: Listener<S>,
  handlers: ConnectionHandlers<S>,
): Operation<void> {
  let stream: S;
  try {
    stream = yield* listener.accept();
  } catch (error) {
    if (!hasCode(error, ...EXHAUSTED)) throw error;
    warn(
      "TRESTLE_ACCEPT_FAILED",
      `Cannot accept a connection: ${describe(error)}. Retrying in ${RETRY_MS} ms.`,
    );
    yield* sleep(RETRY_MS);
    return;
  }
  try {
    handlers.start(stream);
  } catch (error) {
    yield* acloseForcefully(stream);
    throw error;
  }
}
