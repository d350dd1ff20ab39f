// A parent with a hundred children. The first one fails in its second turn; the others sleep for hours, and every tenth of
// them fails in its cleanup. Each library's parent is written as its documents write one that runs children side by side.
import { checkpoint, openNursery, run, sleep, type Operation } from "@trestle/structured";
import { Effect } from "effect";
import {
  all,
  run as runEffection,
  sleep as sleepEffection,
  type Operation as EffectionOperation,
} from "effection";
import { setMaxListeners } from "node:events";
import { setTimeout as sleepNative } from "node:timers/promises";
import type { Audit } from "../audit.js";
import type { TaskLibrary } from "../row.js";
import { HOURS } from "../sleepers/sleepers.js";
import { effectionTurn, nativeTurn } from "../turn.js";
import { CHILDREN, errorOf, Family } from "./family.js";

export const failingChildren: Readonly<Record<TaskLibrary, () => Promise<Audit>>> = {
  Trestle: trestleAudit,
  native: nativeAudit,
  Effect: effectAudit,
  Effection: effectionAudit,
};

async function trestleAudit(): Promise<Audit> {
  const family = new Family();
  function* failing(): Operation<void> {
    family.born();
    yield* checkpoint();
    throw family.failed();
  }
  function* sleeping(child: number): Operation<void> {
    family.born();
    try {
      yield* sleep(HOURS);
    } finally {
      family.ended(child);
    }
  }
  const parent = () =>
    openNursery(function* (nursery) {
      nursery.startSoon(failing);
      for (let child = 1; child < CHILDREN; child++) nursery.startSoon(sleeping, child);
    });
  return family.audit(await errorOf(run(parent)));
}

// Promise.all, and an AbortController that is aborted when it fails.
async function nativeAudit(): Promise<Audit> {
  const family = new Family();
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  async function failing(): Promise<void> {
    family.born();
    await nativeTurn();
    throw family.failed();
  }
  async function sleeping(child: number): Promise<void> {
    family.born();
    try {
      await sleepNative(HOURS, undefined, { signal: controller.signal });
    } finally {
      family.ended(child);
    }
  }
  const children = Array.from({ length: CHILDREN }, (_, child) =>
    child === 0 ? failing() : sleeping(child),
  );
  const told = await errorOf(Promise.all(children));
  controller.abort();
  return family.audit(told, () => Promise.allSettled(children));
}

async function effectAudit(): Promise<Audit> {
  const family = new Family();
  const failing = Effect.gen(function* () {
    family.born();
    yield* Effect.yieldNow;
    return yield* Effect.fail(family.failed());
  });
  const sleeping = (child: number) =>
    Effect.suspend(() => {
      family.born();
      return Effect.sleep(HOURS).pipe(Effect.ensuring(Effect.sync(() => family.ended(child))));
    });
  const children = Array.from({ length: CHILDREN }, (_, child) =>
    child === 0 ? failing : sleeping(child),
  );
  const parent = Effect.all(children, { concurrency: "unbounded", discard: true });
  return family.audit(await Effect.runPromiseExit(parent));
}

async function effectionAudit(): Promise<Audit> {
  const family = new Family();
  function* failing(): EffectionOperation<void> {
    family.born();
    yield* effectionTurn();
    throw family.failed();
  }
  function* sleeping(child: number): EffectionOperation<void> {
    family.born();
    try {
      yield* sleepEffection(HOURS);
    } finally {
      family.ended(child);
    }
  }
  const children = Array.from({ length: CHILDREN }, (_, child) =>
    child === 0 ? failing() : sleeping(child),
  );
  return family.audit(await errorOf(runEffection(() => all(children))));
}
