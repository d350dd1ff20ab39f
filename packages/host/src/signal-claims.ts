// Whose a signal is. A program's entry listens to SIGINT and SIGTERM to end the program, and steps aside while somebody in the program
// receives that signal. Both say what they are on their listeners, so copies of the packages agree, and the process is the only
// state there is.
const claim = Symbol.for("trestle.claims-signal");
const fallback = Symbol.for("trestle.signal-fallback");

/** What is used of a process. */
export interface SignalListeners {
  listeners?(signal: string): readonly unknown[];
}

/**
 * Makes the listener one that takes the signal: those made by `asSignalFallback` leave it alone meanwhile.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { asSignalClaim, asSignalFallback, hasOtherListeners, isSignalClaimed } from "@trestle/host";
 *
 * const fallback = asSignalFallback(() => {
 *   if (!isSignalClaimed(process, "SIGHUP")) console.log("nobody takes it");
 * });
 * const claim = asSignalClaim(() => console.log("taken"));
 * process.on("SIGHUP", fallback).on("SIGHUP", claim);
 * console.log(hasOtherListeners(process, "SIGHUP")); // false
 * process.off("SIGHUP", claim).off("SIGHUP", fallback);
 * ```
 */
export function asSignalClaim<L extends object>(listener: L): L {
  return Object.defineProperty(listener, claim, { value: true });
}

/**
 * Makes the listener one for what nobody takes. It is to ask `isSignalClaimed` when it is called.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { asSignalClaim, asSignalFallback, hasOtherListeners, isSignalClaimed } from "@trestle/host";
 *
 * const fallback = asSignalFallback(() => {
 *   if (!isSignalClaimed(process, "SIGHUP")) console.log("nobody takes it");
 * });
 * const claim = asSignalClaim(() => console.log("taken"));
 * process.on("SIGHUP", fallback).on("SIGHUP", claim);
 * console.log(hasOtherListeners(process, "SIGHUP")); // false
 * process.off("SIGHUP", claim).off("SIGHUP", fallback);
 * ```
 */
export function asSignalFallback<L extends object>(listener: L): L {
  return Object.defineProperty(listener, fallback, { value: true });
}

/**
 * Whether somebody takes the signal.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { asSignalClaim, asSignalFallback, hasOtherListeners, isSignalClaimed } from "@trestle/host";
 *
 * const fallback = asSignalFallback(() => {
 *   if (!isSignalClaimed(process, "SIGHUP")) console.log("nobody takes it");
 * });
 * const claim = asSignalClaim(() => console.log("taken"));
 * process.on("SIGHUP", fallback).on("SIGHUP", claim);
 * console.log(hasOtherListeners(process, "SIGHUP")); // false
 * process.off("SIGHUP", claim).off("SIGHUP", fallback);
 * ```
 */
export function isSignalClaimed(process: SignalListeners, signal: string): boolean {
  return (process.listeners?.(signal) ?? []).some((listener) => has(listener, claim));
}

/**
 * Whether somebody listens who is neither: who has heard each signal, and would hear one twice that is raised again.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { asSignalClaim, asSignalFallback, hasOtherListeners, isSignalClaimed } from "@trestle/host";
 *
 * const fallback = asSignalFallback(() => {
 *   if (!isSignalClaimed(process, "SIGHUP")) console.log("nobody takes it");
 * });
 * const claim = asSignalClaim(() => console.log("taken"));
 * process.on("SIGHUP", fallback).on("SIGHUP", claim);
 * console.log(hasOtherListeners(process, "SIGHUP")); // false
 * process.off("SIGHUP", claim).off("SIGHUP", fallback);
 * ```
 */
export function hasOtherListeners(process: SignalListeners, signal: string): boolean {
  const listeners = process.listeners?.(signal) ?? [];
  return listeners.some((listener) => !has(listener, claim) && !has(listener, fallback));
}

function has(listener: unknown, mark: symbol): boolean {
  return typeof listener === "function" && mark in listener;
}
