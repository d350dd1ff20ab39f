import type { EventEmitter } from "node:events";

/** Hears the failures of connections, which BullMQ mends by itself, and passes them on. */
export class ConnectionErrors {
  readonly #report: (error: Error) => void;
  #isClosing = false;

  /** @param report what to do with each; unless given, the first is a warning of the process */
  constructor(queue: string, report: ((error: Error) => void) | undefined) {
    this.#report = report ?? warnOnce(queue);
  }

  hear(emitter: Pick<EventEmitter, "on">): void {
    emitter.on("error", (error: Error) => {
      if (!this.#isClosing) this.#report(error);
    });
  }

  /** From now on connections end because we say so. */
  closing(): void {
    this.#isClosing = true;
  }
}

function warnOnce(queue: string): (error: Error) => void {
  let isWarned = false;
  return (error) => {
    if (isWarned) return;
    isWarned = true;
    process.emitWarning(
      `Cannot reach Redis for the queue '${queue}': ${error.message}. It is tried again until it answers.\nGive 'onConnectionError' to hear of each failure.`,
      { type: "TrestleWarning", code: "TRESTLE_QUEUE_UNREACHABLE" },
    );
  };
}
