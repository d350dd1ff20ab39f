// A task that catches Cancelled over and over, and goes on, would spin: each of its checkpoints throws at once. It is
// reported by name, once, and pauses from then on, longer each time: the rest of the program runs, and time goes on.
import { SLEEPER_RANK, type Alarm } from "./alarms.js";
import type { Parked } from "./task-parties.js";
import type { TaskRecord } from "./task-record.js";
import { warn } from "./warn.js";

/** After so many Cancelleds, and so many again, the task pauses. Nobody who cleans up passes so many checkpoints. */
const MANY = 1000;

/** Whether a task that was thrown that many Cancelleds in one scope has to pause before the last of them. */
export function mustPause(thrown: number): boolean {
  return thrown > 0 && thrown % MANY === 0;
}

/** Lets a cancelled task wait for a moment, instead of taking its next turn in the next round. */
export function pause(task: TaskRecord, thrown: number): void {
  if (thrown === MANY) report(task);
  const moment = new Moment(task, thrown / MANY);
  task.parked = moment;
  task.runner.addAlarm(moment);
}

function report(task: TaskRecord): void {
  warn(
    "TRESTLE_CANCELLED_SWALLOWED",
    `Cannot cancel task '${task.name}': it has caught Cancelled ${MANY} times, and goes on.\n` +
      "Let it pass: where you catch everything, write 'if (isCancelled(error)) throw error'.",
  );
}

class Moment implements Parked, Alarm {
  readonly when: number;
  readonly rank = SLEEPER_RANK;
  sequence = 0;
  queued = false;
  readonly #task: TaskRecord;

  constructor(task: TaskRecord, ms: number) {
    this.#task = task;
    this.when = task.runner.host.now() + ms;
  }

  expire(): void {
    this.#task.parked = null;
    this.#task.runner.ready(this.#task);
  }

  withdraw(): boolean {
    return false;
  }

  toString(): string {
    return "a moment (it swallows its cancellation)";
  }
}
