import type { Release } from "./host.js";

/**
 * Calls back after so many milliseconds of real time, and keeps no process alive for it: for housekeeping, such as threads that
 * nobody has used for a while. What a program waits for goes by `Host.at` instead.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing.
 *
 * @param ms milliseconds
 * @returns withdraws the callback
 * @example
 * ```ts
 * import { housekeepingTimer } from "@trestle/host";
 *
 * const cache = new Map<string, string>();
 * const withdraw = housekeepingTimer(10_000, () => cache.clear());
 * withdraw();
 * ```
 */
export function housekeepingTimer(ms: number, callback: () => void): Release {
  const timer = setTimeout(callback, ms) as { unref?: () => void };
  timer.unref?.();
  return () => clearTimeout(timer as NodeJS.Timeout);
}
