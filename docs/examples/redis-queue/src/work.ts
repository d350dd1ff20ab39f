// A worker: takes a job, does it, settles it, and so on. Whatever ends it, what it has not settled goes back.
import {
  CancelScope,
  failAfter,
  isCancelled,
  moveOnAfter,
  type Operation,
} from "@trestle/structured";
import type { Redis } from "ioredis";
import { withConnection } from "./connection.js";
import { giveBack, settle, take } from "./queue.js";

/** How long things may take, in milliseconds. */
export interface Limits {
  /** How long a worker waits for a job before it goes home. */
  readonly idle: number;
  /** How long one job may take. */
  readonly job: number;
}

/** Works until no job has come for some time. */
export function* work(
  worker: string,
  at: string,
  redis: Redis,
  perform: (job: string) => Operation<void>,
  limits: Limits,
  say: (what: string) => void,
): Operation<void> {
  // One of this name may have been killed.
  yield* giveBack(redis, worker);
  try {
    yield* withConnection(at, function* (own): Operation<void> {
      for (;;) {
        const { value: job } = yield* moveOnAfter(limits.idle, () => take(own, worker));
        if (job === undefined) return say(`${worker} goes home`);
        say(`${worker} takes ${job}`);
        try {
          yield* failAfter(limits.job, () => perform(job));
          yield* settle(redis, worker, job, "done");
        } catch (error) {
          if (isCancelled(error)) throw error;
          say(`${worker} fails with ${job}: ${(error as Error).name}`);
          yield* settle(redis, worker, job, "failed");
        }
      }
    });
  } finally {
    // Shielded, because a cancelled task cannot wait; and with a deadline, because whatever is shielded must end.
    yield* new CancelScope({ shield: true, relativeDeadline: 2000 }).run(function* () {
      const count = yield* giveBack(redis, worker);
      if (count > 0) say(`${worker} gives ${count} back`);
    });
  }
}
