/** Throws where the measured work did not come to what it must. */
export function expectResult(actual: unknown, wanted: unknown): void {
  if (Object.is(actual, wanted)) return;
  throw new Error(
    `Cannot trust this time: the work came to ${String(actual)} instead of ${String(wanted)}.`,
  );
}
