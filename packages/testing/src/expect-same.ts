import { describe } from "@trestle/host";
import { BehaviourError } from "./behaviour-error.js";

/** Fails unless both are the same: lists member by member, everything else by identity. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (isSame(actual, expected)) return;
  throw new BehaviourError(
    `Cannot accept ${what}: expected ${show(expected)}, got ${show(actual)}.`,
    expected,
    actual,
  );
}

function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return Object.is(a, b);
  return a.length === b.length && a.every((member, index) => isSame(member, b[index]));
}

function show(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(show).join(", ")}]` : describe(value);
}
