// Shows features, one after the other: `node program.js 3` begins with the fourth. What becomes of each goes into a line of its own,
// as the tables of the guides have it: "yes", or "no" and what happens instead.
import { isDeepStrictEqual } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";

/** Shows a feature; gives what happens instead where that is known, and throws where it is not. */
export type Feature = () => Promise<string | void>;

/** How long a feature may take until it counts as one that hangs. */
const LIMIT_MS = 60_000;

export async function showFeatures(features: Readonly<Record<string, Feature>>): Promise<void> {
  const first = Number(process.argv[2] ?? 0);
  for (const [name, show] of Object.entries(features).slice(first)) {
    const hanging = setTimeout(() => {
      tell(name, "no: it hangs");
      process.exit(1);
    }, LIMIT_MS);
    try {
      tell(name, (await show()) ?? "yes");
    } catch (error) {
      tell(name, `no: ${nameOrText(error)}`);
    }
    clearTimeout(hanging);
  }
}

function tell(name: string, result: string): void {
  console.log(JSON.stringify([name, result]));
}

function nameOrText(error: unknown): string {
  if (String(codeOf(error)).startsWith("TRESTLE_")) return `\`${(error as Error).name}\``;
  return text(error).split("\n")[0] ?? "";
}

export function expect(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${JSON.stringify(actual)} in place of ${JSON.stringify(expected)}`);
}

/** Resolves as soon as something holds that others bring about. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(1);
}

export async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("there is no error");
}

export function errorFrom(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error("there is no error");
}

/** The code of an error, or else what it says. */
export function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | undefined)?.code ?? text(error);
}

export function text(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
