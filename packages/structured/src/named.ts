import type { StructuredFunction } from "./operation.js";

/**
 * Gives a function another name, which its tasks then have in reports.
 *
 * Source: ours, for Trio's `name` of `start_soon`. Flavor: structured. It waits for nothing and throws nothing.
 *
 * @param name the name
 * @param fn a structured function; it is not changed
 * @example
 * ```ts
 * import { named, openNursery, run, sleep } from "@trestle/structured";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     nursery.startSoon(named("heartbeat", sleep), 10);
 *   }),
 * );
 * ```
 */
export function named<A extends unknown[], T>(
  name: string,
  fn: StructuredFunction<A, T>,
): StructuredFunction<A, T> {
  const renamed: StructuredFunction<A, T> = (...args) => fn(...args);
  Object.defineProperty(renamed, "name", { value: name });
  return renamed;
}
