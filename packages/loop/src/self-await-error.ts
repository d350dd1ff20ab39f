import { TrestleError } from "@trestle/host";

/** A task waits for its own end, which could not come before the wait is over. */
export class SelfAwaitError extends TrestleError {
  static override readonly code = "TRESTLE_SELF_AWAIT";

  constructor(task: string) {
    super(
      "SelfAwaitError",
      new.target.code,
      `Cannot await ${task}: it is the task that asks.\nAwait it in another task, or return the value.`,
    );
  }
}
