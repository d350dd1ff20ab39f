import type { Host } from "./host.js";
import { nodeCalls, NodeHost } from "./node-host.js";
import { processWide } from "./process-wide.js";
import { WebHost } from "./web-host.js";

const platform = processWide<{ host: Host | undefined }>("@trestle/host", 1, () => ({
  host: undefined,
}));

/**
 * Gives the Host of this process: Node's event loop (also Bun's and Deno's), or a browser's. There is one, whoever asks.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { platformHost } from "@trestle/host";
 *
 * const host = platformHost();
 * host.at(host.now() + 10, () => console.log("ten milliseconds later"));
 * ```
 */
export function platformHost(): Host {
  return (platform.host ??= makeHost());
}

function makeHost(): Host {
  const calls = nodeCalls();
  return calls === undefined ? new WebHost() : new NodeHost(calls);
}
