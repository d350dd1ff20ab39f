import { TrestleError } from "@trestle/host";

/** A call that never waits could not do its work at once. */
export class WouldBlock extends TrestleError {
  static override readonly code = "TRESTLE_WOULD_BLOCK";

  constructor(action: string) {
    super(
      "WouldBlock",
      new.target.code,
      `Cannot ${action} at once: it would have to wait.\nUse the form that waits.`,
    );
  }
}

/** The resource was closed on this side: by the caller, or by another task while the caller waited. */
export class ClosedResourceError extends TrestleError {
  static override readonly code = "TRESTLE_CLOSED_RESOURCE";

  constructor(action: string) {
    super("ClosedResourceError", new.target.code, `Cannot ${action}: it has been closed here.`);
  }
}

/** The resource was broken by somebody else: the other side has gone, or the task that held it has died. */
export class BrokenResourceError extends TrestleError {
  static override readonly code = "TRESTLE_BROKEN_RESOURCE";

  constructor(action: string, why: string, options?: ErrorOptions) {
    super("BrokenResourceError", new.target.code, `Cannot ${action}: ${why}.`, options);
  }
}

/** Another task does the same at the moment, and only one can. */
export class BusyResourceError extends TrestleError {
  static override readonly code = "TRESTLE_BUSY_RESOURCE";

  constructor(action: string) {
    super(
      "BusyResourceError",
      new.target.code,
      `Cannot ${action}: another task does so at the moment.\nLet one task do it, or take turns with a Lock.`,
    );
  }
}

/** Nothing more will come: all senders have closed, and everything that was sent has been received. */
export class EndOfChannel extends TrestleError {
  static override readonly code = "TRESTLE_END_OF_CHANNEL";

  constructor() {
    super(
      "EndOfChannel",
      new.target.code,
      "Cannot receive: the channel has ended, all its senders have closed.",
    );
  }
}

/** A lock or limiter was acquired again by somebody who holds it. */
export class RelockError extends TrestleError {
  static override readonly code = "TRESTLE_RELOCK";

  constructor(message: string) {
    super("RelockError", new.target.code, message);
  }
}

/** A lock, limiter or semaphore was released by somebody who does not hold it, or beyond its maximum. */
export class ReleaseError extends TrestleError {
  static override readonly code = "TRESTLE_RELEASE";

  constructor(message: string) {
    super("ReleaseError", new.target.code, message);
  }
}

/** A condition was used by a task that does not hold its lock. */
export class LockNotHeldError extends TrestleError {
  static override readonly code = "TRESTLE_LOCK_NOT_HELD";

  constructor(action: string, task: string) {
    super(
      "LockNotHeldError",
      new.target.code,
      `Cannot ${action}: task '${task}' does not hold its lock.\nDo it inside of 'condition.hold(body)'.`,
    );
  }
}
