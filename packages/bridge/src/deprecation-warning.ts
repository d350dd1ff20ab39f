import { processWide, TrestleError } from "@trestle/host";

/**
 * Something is used that is there for programs that come from elsewhere, and that new ones do better without. It is a warning of
 * the process, once for each such thing; on platforms without warnings it goes to the console.
 *
 * Source: trio-asyncio's `TrioAsyncioDeprecationWarning`; like that it is shown unless somebody hides it. Flavor: either.
 *
 * @example
 * ```ts
 * import { TrestleDeprecationWarning } from "@trestle/bridge";
 *
 * process.on("warning", (warning) => {
 *   if (warning instanceof TrestleDeprecationWarning) console.error(warning.stack);
 * });
 * ```
 */
export class TrestleDeprecationWarning extends TrestleError {
  static override readonly code = "TRESTLE_DEPRECATED";

  constructor(message: string) {
    super("TrestleDeprecationWarning", new.target.code, message);
  }
}

const warned = processWide("@trestle/bridge deprecations", 1, () => new Set<string>());

/**
 * Warns once that something is deprecated.
 *
 * @param what its name, with what it is: "'newEventLoop' of @trestle/bridge"
 * @param instead an instruction
 */
export function warnDeprecated(what: string, instead: string): void {
  if (warned.has(what)) return;
  warned.add(what);
  const warning = new TrestleDeprecationWarning(`${what} is deprecated.\n${instead}`);
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  if (process?.emitWarning !== undefined) process.emitWarning(warning);
  // oxlint-disable-next-line no-console -- a browser has no other place for it
  else console.warn(`${warning.name} [${warning.code}]: ${warning.message}`);
}
