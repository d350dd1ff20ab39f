// Whether a loop looks closely. All rooms ask `isOn`, the scheduler has the watch only while it is.
import type { Host } from "@trestle/host";
import type { Scheduler } from "./scheduler.js";
import { StepWatch } from "./step-watch.js";

/** The debug mode of a loop. */
export class DebugMode {
  readonly watch: StepWatch;
  readonly #scheduler: Scheduler;
  #isOn = false;

  constructor(host: Host, scheduler: Scheduler) {
    this.watch = new StepWatch(host);
    this.#scheduler = scheduler;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  set isOn(value: boolean) {
    this.#isOn = value;
    this.#scheduler.watch = value ? this.watch : undefined;
  }
}

/** Whether the process asks for debug mode: `TRESTLEDEBUG=1`. */
export function isDebugWanted(): boolean {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  const wanted = process?.env?.["TRESTLEDEBUG"];
  return wanted !== undefined && wanted !== "" && wanted !== "0";
}
