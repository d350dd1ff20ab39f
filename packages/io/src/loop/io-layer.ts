import type { IoLayer } from "@trestle/loop";
import { watchDescriptor } from "../readiness/readiness.js";

/**
 * What a loop wants of the operating system: `new EventLoop({ io: ioLayer })` or `run(main, { io: ioLayer })`.
 *
 * Source: ours. Flavor: loop.
 *
 * @example
 * ```ts
 * import { ioLayer } from "@trestle/io/loop";
 *
 * console.log(Object.keys(ioLayer));
 * ```
 */
export const ioLayer: Pick<IoLayer, "watchDescriptor"> = {
  watchDescriptor,
};
