import type { Host } from "./host.js";
import { NodeHost } from "./node-host.js";
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
  return (platform.host ??= hasNodeCalls() ? new NodeHost() : new WebHost());
}

function hasNodeCalls(): boolean {
  const { process: node, setImmediate: immediate } = globalThis as {
    process?: NodeJS.Process;
    setImmediate?: unknown;
  };
  return typeof node?.nextTick === "function" && typeof immediate === "function";
}
