// Two hundred tasks: half sleep for hours, half loop and give up their turn each time. One cancel for all. Each task has a
// cleanup that itself takes a turn, and is done for only after that.
import {
  cancelShieldedCheckpoint,
  checkpoint,
  openNursery,
  run,
  sleep,
  type Operation,
} from "@trestle/structured";
import { Effect, Fiber } from "effect";
import {
  run as runEffection,
  sleep as sleepEffection,
  spawn,
  suspend,
  type Operation as EffectionOperation,
} from "effection";
import { setMaxListeners } from "node:events";
import { setTimeout as sleepNative } from "node:timers/promises";
import type { Audit } from "../audit.js";
import type { TaskLibrary } from "../row.js";
import { HOURS } from "../sleepers/sleepers.js";
import { nativeTurn } from "../turn.js";

const OF_EACH = 100;
const TURNS = 3;

export const cancelledTasks: Readonly<Record<TaskLibrary, () => Promise<Audit>>> = {
  Trestle: trestleAudit,
  native: nativeAudit,
  Effect: effectAudit,
  Effection: effectionAudit,
};

/** What the tasks did; made anew for each audit. */
class Crowd {
  #alive = 0;
  #cancelled = false;
  #ranOn = 0;

  started(): void {
    this.#alive++;
  }

  cleanedUp(): void {
    this.#alive--;
  }

  /** A task has got behind a place where it waits. */
  wentOn(): void {
    if (this.#cancelled) this.#ranOn++;
  }

  /** The cancel is the next thing that happens. */
  cancel(): void {
    this.#cancelled = true;
  }

  /** To be called at once when whoever cancelled is told that all is over. */
  audit(): Audit {
    return { leaked: this.#alive, ranOn: this.#ranOn };
  }
}

async function trestleAudit(): Promise<Audit> {
  const crowd = new Crowd();
  function* task(wait: () => Operation<void>): Operation<void> {
    crowd.started();
    try {
      for (;;) {
        yield* wait();
        crowd.wentOn();
      }
    } finally {
      yield* cancelShieldedCheckpoint();
      crowd.cleanedUp();
    }
  }
  return run(function* () {
    yield* openNursery(function* (nursery) {
      for (let i = 0; i < OF_EACH; i++) {
        nursery.startSoon(task, () => sleep(HOURS));
        nursery.startSoon(task, checkpoint);
      }
      for (let i = 0; i < TURNS; i++) yield* checkpoint();
      crowd.cancel();
      nursery.cancelScope.cancel();
    });
    return crowd.audit();
  });
}

// A signal reaches what takes one. An await of an async function takes none, so a loop looks at it itself, as one does, in
// its condition; what stands behind the await has run by then.
async function nativeAudit(): Promise<Audit> {
  const crowd = new Crowd();
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal);
  async function task(wait: () => Promise<void>): Promise<void> {
    crowd.started();
    try {
      while (!signal.aborted) {
        await wait();
        crowd.wentOn();
      }
    } finally {
      await nativeTurn();
      crowd.cleanedUp();
    }
  }
  const tasks: Promise<void>[] = [];
  for (let i = 0; i < OF_EACH; i++) {
    tasks.push(
      task(() => sleepNative(HOURS, undefined, { signal })),
      task(nativeTurn),
    );
  }
  for (let i = 0; i < TURNS; i++) await nativeTurn();
  crowd.cancel();
  controller.abort();
  await Promise.allSettled(tasks);
  return crowd.audit();
}

async function effectAudit(): Promise<Audit> {
  const crowd = new Crowd();
  const task = (wait: Effect.Effect<void>) =>
    Effect.suspend(() => {
      crowd.started();
      const work = Effect.gen(function* () {
        for (;;) {
          yield* wait;
          crowd.wentOn();
        }
      });
      return work.pipe(
        Effect.ensuring(
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => crowd.cleanedUp()),
          ),
        ),
      );
    });
  const parent = Effect.gen(function* () {
    for (let i = 0; i < OF_EACH; i++) {
      yield* Effect.forkChild(task(Effect.sleep(HOURS)));
      yield* Effect.forkChild(task(Effect.yieldNow));
    }
    yield* Effect.never;
  });
  return Effect.runPromise(
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(parent);
      for (let i = 0; i < TURNS; i++) yield* Effect.yieldNow;
      crowd.cancel();
      yield* Fiber.interrupt(fiber);
      return crowd.audit();
    }),
  );
}

// Here a turn is a sleep of no time: loops that only ever go through its queue would let nobody else in to cancel them.
async function effectionAudit(): Promise<Audit> {
  const crowd = new Crowd();
  function* task(wait: () => EffectionOperation<void>): EffectionOperation<void> {
    crowd.started();
    try {
      for (;;) {
        yield* wait();
        crowd.wentOn();
      }
    } finally {
      yield* sleepEffection(0);
      crowd.cleanedUp();
    }
  }
  function* parent(): EffectionOperation<void> {
    for (let i = 0; i < OF_EACH; i++) {
      void (yield* spawn(() => task(() => sleepEffection(HOURS))));
      void (yield* spawn(() => task(() => sleepEffection(0))));
    }
    yield* suspend();
  }
  return runEffection(function* () {
    const task = yield* spawn(parent);
    for (let i = 0; i < TURNS; i++) yield* sleepEffection(0);
    crowd.cancel();
    yield* task.halt();
    return crowd.audit();
  });
}
