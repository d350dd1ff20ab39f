import { ArgumentError, describe } from "@trestle/host";
import type { LoopLayers } from "@trestle/loop";

/** How a loop of `openLoop` lives, and what is plugged into it. */
export interface LoopOptions extends LoopLayers {
  /**
   * How many calls from outside of the loop may wait for their turn: those of `callSoon` and `createTask`, of calls across into
   * it and of structured calls that no code of the loop made. One more throws LoopQueueFullError. 1 or more; without limit unless
   * given. The loop's own calls, timers and Futures always find room.
   */
  readonly queueLength?: number;
  /**
   * For how many milliseconds the end of the block waits for what does not stop when it is cancelled. Then the loop closes all
   * the same, and a ShutdownError that names it comes out of the block. 0 or more; as long as it takes unless given.
   */
  readonly shutdownGrace?: number;
  /** Whether the loop looks closely, see `setDebug` of EventLoop. */
  readonly debug?: boolean;
  /** Closes a file descriptor, for `autoclose` of a number. A package with access to files brings it. */
  readonly closeDescriptor?: (descriptor: number) => unknown;
}

/** Throws ArgumentError for options that no loop can live with. */
export function checkLoopOptions(options: LoopOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(
      `Cannot open a loop with ${describe(options)} as options: an object is wanted.\nThe body takes no arguments but the loop; write 'openLoop((loop) => body(loop, argument))'.`,
    );
  }
  const { queueLength = Number.POSITIVE_INFINITY, shutdownGrace = 0 } = options;
  const { debug = false, closeDescriptor } = options;
  requireFit("queueLength", queueLength, "a whole number of 1 or more", isCount);
  requireFit("shutdownGrace", shutdownGrace, "a time in milliseconds, 0 or more,", isDuration);
  requireFit("debug", debug, "a boolean", (x) => typeof x === "boolean");
  if (closeDescriptor !== undefined)
    requireFit("closeDescriptor", closeDescriptor, "a function", (x) => typeof x === "function");
}

function requireFit(
  option: keyof LoopOptions,
  value: unknown,
  wanted: string,
  fits: (value: unknown) => boolean,
): void {
  if (fits(value)) return;
  throw new ArgumentError(
    `Cannot open a loop with ${describe(value)} as '${option}': ${wanted} is wanted.`,
  );
}

function isCount(value: unknown): boolean {
  return (
    (Number.isSafeInteger(value) && (value as number) >= 1) || value === Number.POSITIVE_INFINITY
  );
}

function isDuration(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}
