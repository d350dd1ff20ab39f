import { ArgumentError, describe } from "@trestle/host";

/** Gives back a duration in milliseconds; throws ArgumentError where it is negative, NaN or no number. */
export function checkDuration(ms: number, action: string): number {
  if (typeof ms === "number" && ms >= 0) return ms;
  throw new ArgumentError(
    `Cannot ${action} for ${describe(ms)} ms: a duration is a number, 0 or more.\nUse 'callAt' or 'timeoutAt' for instants, which may have passed.`,
  );
}

/** Gives back an instant in milliseconds; throws ArgumentError where it is NaN or no number. */
export function checkInstant(at: number, action: string): number {
  if (typeof at === "number" && !Number.isNaN(at)) return at;
  throw new ArgumentError(
    `Cannot ${action} at ${describe(at)}: an instant is a number of milliseconds.\nUse 'loop.time() + ms'.`,
  );
}
