import { ArgumentError, describe } from "@trestle/host";

/** Gives back a duration in milliseconds; throws ArgumentError where it is negative, NaN or no number. */
export function checkDuration(ms: number, action: string): number {
  if (typeof ms === "number" && ms >= 0) return ms;
  throw new ArgumentError(
    `Cannot ${action}: ${describe(ms)} is no duration.\n` +
      "Give milliseconds, 0 or more; for instants, which may have passed, use 'sleepUntil', 'moveOnAt' or 'failAt'.",
  );
}

/** Gives back an instant in milliseconds; throws ArgumentError where it is NaN or no number. */
export function checkInstant(at: number, action: string): number {
  if (typeof at === "number" && !Number.isNaN(at)) return at;
  throw new ArgumentError(
    `Cannot ${action}: ${describe(at)} is no instant.\nGive milliseconds in the time of the run: 'currentTime() + ms'.`,
  );
}
