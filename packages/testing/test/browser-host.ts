import { platformHost, type Host } from "@trestle/host";
import { vi } from "vitest";

/** What `platformHost` gives where Node's calls are missing: a host on the MessageChannel that browsers have. */
export function browserHost(): Host {
  const claimed = (globalThis as unknown as Record<symbol, { state: { host: Host | undefined } }>)[
    Symbol.for("trestle.process-wide:@trestle/host")
  ];
  if (!claimed) throw new Error("The place of the process's host has another name now.");
  const { host } = claimed.state;
  claimed.state.host = undefined;
  vi.stubGlobal("setImmediate", undefined);
  try {
    return platformHost();
  } finally {
    vi.unstubAllGlobals();
    claimed.state.host = host;
  }
}
