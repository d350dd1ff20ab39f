import { CancelScope } from "../cancel-scope.js";
import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { ClosedResourceError } from "../sync/resource-errors.js";

/** Whether a resource is closed here, and the end of whatever waits in it when it is. */
export class CloseGuard {
  readonly #inside = new Set<CancelScope>();
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Closes it, once: what runs in `during` fails with ClosedResourceError. */
  close(): void {
    this.#isClosed = true;
    for (const scope of this.#inside) scope.cancel("the resource is being closed");
  }

  /** Throws ClosedResourceError where it is closed. */
  requireOpen(action: string): void {
    if (this.#isClosed) throw new ClosedResourceError(action);
  }

  /** Runs a body while the resource is open. @throws ClosedResourceError where it is closed or gets closed */
  *during<T>(action: string, body: () => Operation<T>): Operation<T> {
    this.requireOpen(action);
    const scope = new CancelScope();
    this.#inside.add(scope);
    try {
      const { cancelledCaught, value } = yield* scope.run(() => callStructured(body, [], action));
      if (cancelledCaught) throw new ClosedResourceError(action);
      return value;
    } finally {
      this.#inside.delete(scope);
    }
  }
}
