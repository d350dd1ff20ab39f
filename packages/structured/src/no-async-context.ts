// The stand-in for async-context.ts in a bundle for browsers, which have no AsyncLocalStorage: nothing is ever in use.
import type { AsyncContext } from "./async-context.js";

export type { AsyncContext };

export const contexts = { inUse: false };

export function contextOfRun(): undefined {}

export function contextOfChild(): undefined {}

export function watchUse(tick: () => void): void {
  tick();
}

export function keepFirstUse(): void {}

export function advanceIn(): void {}
