// A parent with a hundred children, each of which waits for a promise. The first one's rejects; the others' never settle, and
// every tenth child fails in its cleanup.
import { fromPromise, openNursery, run, type Operation } from "@trestle/structured";
import { Effect } from "effect";
import { all, run as runEffection, until, type Operation as EffectionOperation } from "effection";
import type { Audit } from "../audit.js";
import type { TaskLibrary } from "../row.js";
import { nativeTurn } from "../turn.js";
import { CHILDREN, errorOf, Family } from "./family.js";

export const failingPromises: Readonly<Record<TaskLibrary, () => Promise<Audit>>> = {
  Trestle: trestleAudit,
  native: nativeAudit,
  Effect: effectAudit,
  Effection: effectionAudit,
};

async function trestleAudit(): Promise<Audit> {
  const family = new Family();
  function* waiting(child: number): Operation<void> {
    family.born();
    try {
      yield* fromPromise(promiseOf(family, child));
    } finally {
      if (child > 0) family.ended(child);
    }
  }
  const parent = () =>
    openNursery(function* (nursery) {
      for (let child = 0; child < CHILDREN; child++) nursery.startSoon(waiting, child);
    });
  return family.audit(await errorOf(run(parent)));
}

// Nobody can make an async function go on that awaits such a promise, so its cleanup never comes.
async function nativeAudit(): Promise<Audit> {
  const family = new Family();
  async function waiting(child: number): Promise<void> {
    family.born();
    try {
      await promiseOf(family, child);
    } finally {
      if (child > 0) family.ended(child);
    }
  }
  const children = Array.from({ length: CHILDREN }, (_, child) => waiting(child));
  return family.audit(await errorOf(Promise.all(children)));
}

async function effectAudit(): Promise<Audit> {
  const family = new Family();
  const waiting = (child: number) =>
    Effect.suspend(() => {
      family.born();
      const cleanup = Effect.sync(() => {
        if (child > 0) family.ended(child);
      });
      return Effect.tryPromise({
        try: () => promiseOf(family, child),
        catch: (error) => error as Error,
      }).pipe(Effect.ensuring(cleanup));
    });
  const children = Array.from({ length: CHILDREN }, (_, child) => waiting(child));
  const parent = Effect.all(children, { concurrency: "unbounded", discard: true });
  return family.audit(await Effect.runPromiseExit(parent));
}

async function effectionAudit(): Promise<Audit> {
  const family = new Family();
  function* waiting(child: number): EffectionOperation<void> {
    family.born();
    try {
      yield* until(promiseOf(family, child));
    } finally {
      if (child > 0) family.ended(child);
    }
  }
  const children = Array.from({ length: CHILDREN }, (_, child) => waiting(child));
  return family.audit(await errorOf(runEffection(() => all(children))));
}

async function promiseOf(family: Family, child: number): Promise<never> {
  if (child > 0) return new Promise<never>(() => {});
  await nativeTurn();
  throw family.failed();
}
