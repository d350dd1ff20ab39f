import { Lock } from "./lock.js";

/**
 * A lock whose users rely on its order: first come, first served. It is the same class as `Lock`, which promises that too; the
 * name tells the reader that the program would be wrong without.
 *
 * Source: Trio's StrictFIFOLock. Flavor: structured.
 *
 * @example
 * ```ts
 * import { openNursery, run, StrictFIFOLock, type Operation } from "@trestle/structured";
 *
 * const turns = new StrictFIFOLock();
 * function* say(text: string): Operation<void> {
 *   yield* turns.hold(function* () {
 *     console.log(text);
 *   });
 * }
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     for (const text of ["first", "second"]) nursery.startSoon(say, text);
 *   }),
 * );
 * ```
 */
export const StrictFIFOLock = Lock;
export type StrictFIFOLock = Lock;
