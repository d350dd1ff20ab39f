import { ArgumentError, describe } from "@trestle/host";
import { requireStructured } from "./operation-of.js";
import type { StructuredFunction } from "./operation.js";

/**
 * Gives a function another name, which its tasks then have in reports.
 *
 * Source: ours, for Trio's `name` of `start_soon`. Flavor: structured. It waits for nothing.
 *
 * @param name the name
 * @param fn a structured function; it is not changed
 * @throws ArgumentError for a name that is no string; WrongFlavorError for what is no structured function
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
  if (typeof name !== "string")
    throw new ArgumentError(`Cannot name a function ${describe(name)}: a string is wanted.`);
  requireStructured(fn, "name a function");
  const renamed: StructuredFunction<A, T> = (...args) => fn(...args);
  Object.defineProperty(renamed, "name", { value: name });
  return renamed;
}
