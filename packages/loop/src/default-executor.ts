// The executor of a loop that jobs go to which name none.
//
// | state     | by                                     | `get`                     |
// | --------- | -------------------------------------- | ------------------------- |
// | unopened  |                                        | opens it, with the layer  |
// | open      | the first `get`, or `set`              | gives it                  |
// | shut down | `shutdown`, or the loop that closes    | throws                    |
import { ArgumentError, describe, type Host, type Wait } from "@trestle/host";
import type { ExecutorLayer, LoopExecutor } from "./executor-layer.js";
import { ExecutorShutDownError } from "./executor-shut-down-error.js";
import { LayerMissingError } from "./layer-missing-error.js";

/** Keeps a loop's default executor. */
export class DefaultExecutor {
  readonly #host: Host;
  readonly #layer: ExecutorLayer | undefined;
  #executor: LoopExecutor | undefined;
  #isShutDown = false;

  constructor(host: Host, layer: ExecutorLayer | undefined) {
    this.#host = host;
    this.#layer = layer;
  }

  /** @throws ExecutorShutDownError, LayerMissingError, which name the action */
  get(action: string): LoopExecutor {
    if (this.#isShutDown) throw new ExecutorShutDownError(action);
    this.#executor ??= this.#layer?.openDefaultExecutor(this.#host);
    if (this.#executor === undefined) throw new LayerMissingError(action, "executor");
    return this.#executor;
  }

  /** Takes another; the one of before goes on, and is its owner's. */
  set(executor: LoopExecutor): void {
    checkExecutor(executor, "set the default executor");
    this.#executor = executor;
  }

  /** Takes no jobs from now on; gives the wait for those that there are, where there is an executor. */
  shutdown(options: { readonly wait: boolean }): Wait<void> | undefined {
    this.#isShutDown = true;
    const executor = this.#executor;
    this.#executor = undefined;
    return executor?.shutdown({ wait: options.wait, cancelFutures: false }).wait;
  }
}

/** Throws ArgumentError for what is no executor. */
export function checkExecutor(executor: unknown, action: string): void {
  const { submit, shutdown } = (executor ?? {}) as Partial<LoopExecutor>;
  if (typeof submit === "function" && typeof shutdown === "function") return;
  throw new ArgumentError(
    `Cannot ${action} with ${describe(executor)}: an executor is wanted, with 'submit' and 'shutdown'.\n@trestle/executor has them.`,
  );
}
