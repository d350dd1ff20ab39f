// What a process had written when it was given up. The error that gave it up carries it: a Cancelled, a CancelledError, or any
// other; copies of the package find it under a registered symbol.
const key = Symbol.for("trestle.output-so-far");

/** What was captured of the outputs of a process that was given up. */
export interface OutputSoFar {
  readonly stdout: Uint8Array | undefined;
  readonly stderr: Uint8Array | undefined;
}

/**
 * Gives what a process had written that was given up, because its task was cancelled or something failed; undefined for an error
 * that has to do with no process, or where nothing was captured. It looks at the causes of an error too, so it takes the TooSlowError
 * of `failAfter` and the TimeoutError of `timeout` as well.
 *
 * Flavor: either. Source: ours; Trio and asyncio lose it. It waits for nothing and throws nothing.
 *
 * @param error what `runProcess` threw, or what came of that
 * @example
 * ```ts
 * import { outputSoFar } from "@trestle/io";
 * import { runProcess } from "@trestle/io/structured";
 * import { failAfter, run } from "@trestle/structured";
 *
 * await run(function* () {
 *   try {
 *     yield* failAfter(2000, () =>
 *       runProcess("echo begun; exec sleep 60", { shell: true, captureStdout: true }),
 *     );
 *   } catch (error) {
 *     console.log(new TextDecoder().decode(outputSoFar(error)?.stdout)); // "begun"
 *   }
 * });
 * ```
 */
export function outputSoFar(error: unknown): OutputSoFar | undefined {
  const seen = new Set<object>();
  for (let at = error; typeof at === "object" && at !== null && !seen.has(at);) {
    seen.add(at);
    const { [key]: output, cause } = at as {
      readonly [key]?: OutputSoFar;
      readonly cause?: unknown;
    };
    if (output !== undefined) return output;
    at = cause;
  }
  return undefined;
}

/** Has an error carry what a process had written. One that can carry nothing, a string or a frozen object, goes without. */
export function keepOutput(error: unknown, output: OutputSoFar): void {
  if (output.stdout === undefined && output.stderr === undefined) return;
  if (typeof error !== "object" || error === null || !Object.isExtensible(error)) return;
  Object.defineProperty(error, key, { value: output, configurable: true, writable: true });
}
