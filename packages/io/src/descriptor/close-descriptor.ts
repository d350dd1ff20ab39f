import { closeSync } from "node:fs";
import { numberOf, type Descriptor } from "../readiness/descriptor.js";
import { notifyClosing } from "../readiness/readiness.js";

/**
 * Closes a descriptor; whoever waits for it, in either flavor, fails with ClosedResourceError.
 *
 * It is what the loops of a structured run close descriptors by, where it is given to them: `openLoop(body, { closeDescriptor })`, and
 * then `loop.autoclose(fd)`. Source: trio-asyncio's `autoclose`. Flavor: either. It waits for nothing.
 *
 * @param descriptor one that has no other owner: not that of an FdStream, nor of a socket or stream of Node
 * @throws ArgumentError for what is no descriptor; what `node:fs` says of one that is not open
 * @example
 * ```ts
 * import { closeDescriptor } from "@trestle/io";
 * import { openSync } from "node:fs";
 *
 * closeDescriptor(openSync("/dev/null", "r"));
 * ```
 */
export function closeDescriptor(descriptor: Descriptor): void {
  const fd = numberOf(descriptor, "close");
  notifyClosing(fd);
  closeSync(fd);
}
