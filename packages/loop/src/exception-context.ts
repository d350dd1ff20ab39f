import type { EventLoop } from "./event-loop.js";
import type { Future } from "./future.js";
import type { Handle } from "./handle.js";
import type { Task } from "./task.js";

/** What went wrong where nobody could be told: in a callback, or in a future that nobody looked at. */
export interface ExceptionContext {
  /** One line: what happened. */
  readonly message: string;
  /** The error, where there is one. */
  readonly exception?: unknown;
  readonly future?: Future<unknown>;
  readonly task?: Task<unknown>;
  readonly handle?: Handle;
  /** The async generator that could not be closed. */
  readonly asyncgen?: AsyncGenerator;
  /** Where the future, the task or the callback was made, in debug mode. */
  readonly sourceStack?: string | undefined;
}

/** Is told what nobody else could be. */
export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void;
