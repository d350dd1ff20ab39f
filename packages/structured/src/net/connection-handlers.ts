// The tasks that serve the connections of a server: one for each, which closes its stream whatever happens.
import { describe } from "@trestle/host";
import { isCancelled } from "../cancelled.js";
import { checkpoint } from "../checkpoint.js";
import { named } from "../named.js";
import type { Nursery } from "../nursery.js";
import { callStructured } from "../operation-of.js";
import type { Operation, StructuredFunction } from "../operation.js";
import { acloseForcefully } from "../streams/aclose-forcefully.js";
import type { AsyncResource } from "../streams/stream.js";
import { Event } from "../sync/event.js";
import type { Task } from "../task.js";
import { warn } from "../warn.js";

/** What becomes of the error of a handler; see `ServeOptions.onHandlerError`. */
export type HandlerErrorPolicy<S> = "warn" | "crash" | ((error: unknown, stream: S) => void);

export class ConnectionHandlers<S extends AsyncResource> {
  readonly #nursery: Nursery;
  readonly #handle: (stream: S) => Operation<void>;
  readonly #policy: HandlerErrorPolicy<S>;
  readonly #tasks = new Map<S, Task<void>>();
  #idle: Event | undefined;

  constructor(
    nursery: Nursery,
    handler: StructuredFunction<[stream: S], unknown>,
    policy: HandlerErrorPolicy<S>,
  ) {
    this.#nursery = nursery;
    this.#policy = policy;
    this.#handle = named(handler.name, (stream: S) => this.#serve(handler, stream));
  }

  /** Starts the task for a connection. @throws NurseryClosedError, with the connection left to the caller */
  start(stream: S): void {
    this.#tasks.set(stream, this.#nursery.startSoon(this.#handle, stream));
  }

  /** Waits until all have ended, when no more of them will be started. */
  *ended(): Operation<void> {
    if (this.#tasks.size === 0) {
      yield* checkpoint();
      return;
    }
    this.#idle ??= new Event();
    yield* this.#idle.wait();
  }

  cancel(reason: string): void {
    for (const task of this.#tasks.values()) task.cancel(reason);
  }

  *#serve(handler: StructuredFunction<[stream: S], unknown>, stream: S): Operation<void> {
    try {
      yield* serveAndClose(handler, stream);
    } catch (error) {
      this.#handleError(error, stream);
    } finally {
      this.#tasks.delete(stream);
      if (this.#tasks.size === 0) this.#idle?.set();
    }
  }

  #handleError(error: unknown, stream: S): void {
    if (isCancelled(error) || this.#policy === "crash") throw error;
    if (this.#policy === "warn") warn("TRESTLE_HANDLER_FAILED", report(error, this.#handle.name));
    else this.#policy(error, stream);
  }
}

function* serveAndClose<S extends AsyncResource>(
  handler: StructuredFunction<[stream: S], unknown>,
  stream: S,
): Operation<void> {
  try {
    yield* callStructured(handler, [stream], "serve a connection");
  } catch (error) {
    yield* closeQuietly(stream);
    throw error;
  }
  yield* acloseForcefully(stream);
}

/** Closes after an error, which is the one that counts. */
function* closeQuietly(stream: AsyncResource): Operation<void> {
  try {
    yield* acloseForcefully(stream);
  } catch {
    // See above.
  }
}

function report(error: unknown, name: string): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : describe(error);
  return (
    `Cannot go on serving a connection with '${name || "anonymous"}': it has failed. The server goes on.\n` +
    `Catch the error in the handler, or give 'onHandlerError'.\n${what}`
  );
}
