import { ArgumentError } from "@trestle/host";
import { requireTask } from "./ambient.js";
import type { Instrument } from "./instrument.js";
import type { Runner } from "./runner.js";

/**
 * Lets an instrument watch this run from now on. One that watches already is left as it is.
 *
 * Source: Trio. Flavor: structured. It waits for nothing.
 *
 * @param instrument its hooks are looked up now, once
 * @throws NoRunError outside of a task; ArgumentError for what is no object
 * @example
 * ```ts
 * import { run, sleep } from "@trestle/structured";
 * import { addInstrument } from "@trestle/structured/lowlevel";
 *
 * await run(function* () {
 *   addInstrument({ taskExited: (task) => console.log(`${task.name} ended`) });
 *   yield* sleep(1);
 * });
 * ```
 */
export function addInstrument(instrument: Instrument): void {
  requireTask("add an instrument").runner.addInstrument(instrument);
}

/**
 * Lets an instrument watch this run no longer.
 *
 * Source: Trio. Flavor: structured. It waits for nothing.
 *
 * @throws NoRunError outside of a task; ArgumentError where it does not watch
 * @example
 * ```ts
 * import { run, type Instrument } from "@trestle/structured";
 * import { addInstrument, removeInstrument } from "@trestle/structured/lowlevel";
 *
 * const instrument: Instrument = { taskExited: (task) => console.log(`${task.name} ended`) };
 * await run(function* () {
 *   addInstrument(instrument);
 *   removeInstrument(instrument);
 * });
 * ```
 */
export function removeInstrument(instrument: Instrument): void {
  takeOut(instrument, requireTask("remove an instrument").runner);
}

/** The same for a run that is not the current one. */
export function takeOut(instrument: Instrument, runner: Runner): void {
  const { instruments } = runner;
  if (!instruments?.has(instrument)) {
    throw new ArgumentError(
      "Cannot remove the instrument: it was not added to this run, or has been removed.",
    );
  }
  instruments.remove(instrument);
  if (instruments.isEmpty) runner.instruments = undefined;
}
