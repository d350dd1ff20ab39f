// Two errors at once: one in flight, and one of the cleanup that it set off. The one in flight goes on, and carries the other.
import { ExceptionGroup } from "@trestle/host";
import { isCancelled } from "../cancelled.js";

/**
 * Gives what is to be thrown when a cleanup fails while an error is in flight: the error in flight, which has the cleanup's in its
 * `suppressed`, a list, from then on. One that cannot carry anything, a string or a frozen object, makes an ExceptionGroup of
 * both. A cancellation is no failure: with one in flight, or from the cleanup, the other of the two is given.
 */
export function suppress(inFlight: unknown, ofCleanup: unknown): unknown {
  if (inFlight === ofCleanup || isCancelled(ofCleanup)) return inFlight;
  if (isCancelled(inFlight)) return ofCleanup;
  if (attach(inFlight, ofCleanup)) return inFlight;
  return new ExceptionGroup("an error, and one of the cleanup after it", [inFlight, ofCleanup]);
}

/** The lists that were made here: errors of others may have a `suppressed` of their own. */
const lists = new WeakSet<unknown[]>();

function attach(inFlight: unknown, ofCleanup: unknown): boolean {
  if (!(inFlight instanceof Error)) return false;
  const { suppressed } = inFlight as { readonly suppressed?: unknown };
  if (Array.isArray(suppressed) && lists.has(suppressed)) {
    suppressed.push(ofCleanup);
    return true;
  }
  if ("suppressed" in inFlight || !Object.isExtensible(inFlight)) return false;
  const list = [ofCleanup];
  lists.add(list);
  // Reports of an error show the properties that are its own and enumerable.
  Object.defineProperty(inFlight, "suppressed", {
    value: list,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return true;
}
