/** Tells the developer about a defect of the program that nobody would get as an error: Node's warnings, else the console. */
export function warn(code: string, message: string): void {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  if (process?.emitWarning !== undefined)
    process.emitWarning(message, { type: "TrestleWarning", code });
  // oxlint-disable-next-line no-console -- a browser has no other place for it
  else console.warn(`TrestleWarning [${code}]: ${message}`);
}
