import { describe } from "@trestle/host";
import { loadOf } from "./module-ref.js";
import { WorkReferenceError } from "./work-reference-error.js";
import type { WorkReference } from "./work-reference.js";

/**
 * Gives the function that a reference stands for, in this thread: for executors that run work where they are.
 *
 * It waits for the import of the module. Source: ours. Flavor: loop.
 *
 * @throws WorkReferenceError where the module cannot be imported, or exports no such function
 * @example
 * ```ts
 * import { loadWork, moduleRef } from "@trestle/executor";
 *
 * const { gzipSync } = moduleRef<typeof import("node:zlib")>("node:zlib");
 * const gzip = await loadWork(gzipSync);
 * console.log((await gzip("some text")).length);
 * ```
 */
export async function loadWork<A extends unknown[], T>(
  work: WorkReference<A, T>,
): Promise<(...args: A) => T | PromiseLike<T>> {
  const { module, name } = work;
  const load = loadOf(work);
  const exports: unknown = await (load === undefined ? import(/* @vite-ignore */ module) : load());
  return functionIn(exports, module, name) as (...args: A) => T | PromiseLike<T>;
}

/** The function of that name in what a module exports. @throws WorkReferenceError */
export function functionIn(
  exports: unknown,
  module: string,
  name: string,
): (...args: unknown[]) => unknown {
  const names = exports as Record<string, unknown>;
  // What CommonJS exports is the default of its module where its names cannot be told.
  const found = names[name] ?? (names["default"] as Record<string, unknown> | undefined)?.[name];
  if (typeof found === "function") return found as (...args: unknown[]) => unknown;
  throw new WorkReferenceError(
    `Cannot run '${name}' of ${module}: it is ${describe(found)}, no function.\nThe module exports: ${Object.keys(names).join(", ") || "nothing"}.`,
  );
}

/** Throws WorkReferenceError for what is no reference. A function is told how it can go. */
export function requireReference(work: unknown): void {
  const { module, name } = (work ?? {}) as { readonly module?: unknown; readonly name?: unknown };
  if (typeof module === "string" && typeof name === "string" && typeof work === "object") return;
  throw new WorkReferenceError(
    `Cannot run ${describe(work)} in another thread: a reference to a function in a module is wanted.\n` +
      "Threads share no functions: put it into a module of its own, and give `moduleRef(() => import('./work.js'), import.meta).name`.",
  );
}
