import { ArgumentError, describe } from "@trestle/host";

/** Gives back a count; throws ArgumentError, which names the action, where it is not a whole number of `least` or more. */
export function checkCount(count: number, least: number, action: string): number {
  if (Number.isInteger(count) && count >= least) return count;
  throw new ArgumentError(
    `Cannot ${action} ${describe(count)}: a whole number is wanted, ${least} or more.`,
  );
}
