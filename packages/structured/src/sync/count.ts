import { ArgumentError, describe } from "@trestle/host";

/** Gives back how many of those who wait are meant; throws for what is no count. */
export function checkCount(count: number, action: string): number {
  if (count === Infinity || (Number.isInteger(count) && count >= 0)) return count;
  throw new ArgumentError(
    `Cannot ${action} ${describe(count)} of those who wait: a whole number, 0 or more, or Infinity is wanted.`,
  );
}
