import type { TransferListItem } from "node:worker_threads";
import { processWide } from "@trestle/host";

const shared = processWide("@trestle/executor/transfer", 1, () => ({
  lists: new WeakMap<object, readonly TransferListItem[]>(),
}));

/**
 * Has parts of a job's result moved to the parent instead of copied, such as the buffers of typed arrays.
 *
 * Source: ours. Flavor: either; in a job. It waits for nothing and throws nothing.
 *
 * @param result what the job returns
 * @param list what of it is moved, and is of no use here afterwards
 * @returns the result, to be returned
 * @example
 * ```ts
 * import { transfer } from "@trestle/executor/worker";
 *
 * export function noise(length: number): Float32Array {
 *   const samples = new Float32Array(length).map(() => Math.random());
 *   return transfer(samples, [samples.buffer]);
 * }
 * ```
 */
export function transfer<T extends object>(result: T, list: readonly TransferListItem[]): T {
  shared.lists.set(result, list);
  return result;
}

/** What of a result is moved; undefined where nothing is. */
export function transferListOf(result: unknown): readonly TransferListItem[] | undefined {
  return typeof result === "object" && result !== null ? shared.lists.get(result) : undefined;
}
