import { CancelScope } from "../cancel-scope.js";
import type { Operation } from "../operation.js";
import type { AsyncResource } from "./stream.js";

/**
 * Closes a resource at once, without waiting for what is under way: it runs `aclose` in a scope that is cancelled.
 *
 * Waits for one round of the scheduler or a few. A cancellation from outside comes out when the resource is closed. It throws
 * what `aclose` throws. Source: Trio. Flavor: structured.
 *
 * @example
 * ```ts
 * import type { Operation } from "@trestle/structured";
 * import { acloseForcefully, type SendStream } from "@trestle/structured/streams";
 *
 * function* giveUp(stream: SendStream): Operation<void> {
 *   yield* acloseForcefully(stream);
 * }
 * ```
 */
export function* acloseForcefully(resource: AsyncResource): Operation<void> {
  const scope = new CancelScope();
  scope.cancel("closed by force");
  yield* scope.run(() => resource.aclose());
}
