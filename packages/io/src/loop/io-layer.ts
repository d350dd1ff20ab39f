import type { IoLayer } from "@trestle/loop";
import { watchDescriptor } from "../readiness/readiness.js";
import { receiveSignal } from "../signals/receive-signal.js";
import { openSubprocess } from "./create-subprocess.js";
import { openSubprocessTransport } from "./subprocess-transport.js";

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
export const ioLayer: IoLayer = {
  watchDescriptor,
  receiveSignal,
  openSubprocess,
  openSubprocessTransport,
};
