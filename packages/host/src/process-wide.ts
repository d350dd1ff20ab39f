// State of which a process has one: the task that runs now, the loop that runs now. Two copies of a package, or its ESM
// and CJS builds, meet here under a registered symbol. The version is that of the state's shape, not of the package:
// copies with different shapes cannot see each other's tasks, so each use says so instead of giving wrong answers.
import { VersionMismatchError } from "./version-mismatch-error.js";

interface Claimed {
  readonly version: number;
  readonly state: object;
}

/**
 * Gives the state that all copies of a package share, and makes it where this copy is the first.
 *
 * Where another copy has made it with another version, the result throws VersionMismatchError at its first use; loading
 * the package does not fail.
 *
 * Source: ours. Flavor: either. It waits for nothing and throws nothing itself.
 *
 * @param name who the state belongs to, such as "@trestle/structured"
 * @param version the version of the state's shape, a whole number
 * @param create makes the state
 * @example
 * ```ts
 * import { processWide } from "@trestle/host";
 *
 * const ambient = processWide("my-package", 1, () => ({ depth: 0 }));
 * ambient.depth += 1;
 * ```
 */
export function processWide<T extends object>(name: string, version: number, create: () => T): T {
  const key = Symbol.for(`trestle.process-wide:${name}`);
  const registry = globalThis as unknown as Record<symbol, Claimed | undefined>;
  const claimed = (registry[key] ??= { version, state: create() });
  if (claimed.version === version) return claimed.state as T;
  return refusing(new VersionMismatchError(name, version, claimed.version));
}

function refusing<T extends object>(error: VersionMismatchError): T {
  const refuse = (): never => {
    throw error;
  };
  return new Proxy({} as T, {
    get: refuse,
    set: refuse,
    has: refuse,
    deleteProperty: refuse,
    defineProperty: refuse,
    getOwnPropertyDescriptor: refuse,
    ownKeys: refuse,
  });
}
