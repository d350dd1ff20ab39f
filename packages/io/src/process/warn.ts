/** Tells the developer about something that nobody would get as an error. */
export function warn(code: string, message: string): void {
  process.emitWarning(message, { type: "TrestleWarning", code });
}
