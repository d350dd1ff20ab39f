import { openNursery, run, type Operation, type Task } from "@trestle/structured";
import { Effect, Fiber } from "effect";
import {
  run as runEffection,
  spawn,
  type Operation as EffectionOperation,
  type Task as EffectionTask,
} from "effection";
import { failingChildren } from "../audits/failing-children.js";
import { expectResult } from "../expect-result.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

const CHILDREN = 1000;

/** A thousand children are started, then all are joined: what a child costs where its round through the host is shared. */
export const spawnJoin1000Row: Row = {
  name: "spawn-join-1000",
  title: "start 1,000 children, then join them all",
  unit: "ns",
  per: "child",
  count: "calibrated",
  step: CHILDREN,
  contenders: [
    {
      library: "Trestle",
      code: "startSoon(child) ... join()",
      measure: (count) =>
        timed(() =>
          run(function* () {
            for (let done = 0; done < count; done += CHILDREN) {
              expectResult(yield* openNursery(trestleParent), CHILDREN);
            }
          }),
        ),
      audit: failingChildren.Trestle,
    },
    {
      library: "native",
      code: "Promise.all(children)",
      measure: (count) =>
        timed(async () => {
          for (let done = 0; done < count; done += CHILDREN) {
            const values = await Promise.all(Array.from({ length: CHILDREN }, nativeChild));
            expectResult(sumOf(values), CHILDREN);
          }
        }),
      audit: failingChildren.native,
    },
    {
      library: "Effect",
      code: "forkChild(child) ... Fiber.joinAll",
      measure: (count) =>
        timed(() =>
          Effect.runPromise(
            Effect.gen(function* () {
              for (let done = 0; done < count; done += CHILDREN) {
                expectResult(yield* effectParent, CHILDREN);
              }
            }),
          ),
        ),
      audit: failingChildren.Effect,
    },
    {
      library: "Effection",
      code: "spawn(child) ... yield* task",
      measure: (count) =>
        timed(() =>
          runEffection(function* () {
            for (let done = 0; done < count; done += CHILDREN) {
              expectResult(yield* effectionParent(), CHILDREN);
            }
          }),
        ),
      audit: failingChildren.Effection,
    },
  ],
};

function* trestleParent(nursery: {
  startSoon(fn: () => Operation<number>): Task<number>;
}): Operation<number> {
  const tasks = Array.from({ length: CHILDREN }, () => nursery.startSoon(trestleChild));
  let sum = 0;
  for (const task of tasks) sum += yield* task.join();
  return sum;
}

function* trestleChild(): Operation<number> {
  return 1;
}

async function nativeChild(): Promise<number> {
  return 1;
}

const effectChild = Effect.gen(function* () {
  return 1;
});

const effectParent = Effect.gen(function* () {
  const fibers: Fiber.Fiber<number>[] = [];
  for (let i = 0; i < CHILDREN; i++) fibers.push(yield* Effect.forkChild(effectChild));
  return sumOf(yield* Fiber.joinAll(fibers));
});

function* effectionParent(): EffectionOperation<number> {
  const tasks: EffectionTask<number>[] = [];
  for (let i = 0; i < CHILDREN; i++) tasks.push(yield* spawn(effectionChild));
  let sum = 0;
  for (const task of tasks) sum += yield* task;
  return sum;
}

function* effectionChild(): EffectionOperation<number> {
  return 1;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
