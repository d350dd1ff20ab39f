import { openNursery, run, type Operation, type Task } from "@trestle/structured";
import { Effect, Fiber } from "effect";
import {
  all,
  run as runEffection,
  spawn,
  type Operation as EffectionOperation,
  type Task as EffectionTask,
} from "effection";
import { failingChildren } from "../audits/failing-children.js";
import { expectResult } from "../expect-result.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

const BRANCHES = 10;
const LEAVES = 1_000_000;
const FEWER_LEAVES = 1000;

/** A tree of tasks, each of which starts ten and adds up what they give; the million at the end give their numbers. */
export const skynetRow: Row = {
  name: "skynet",
  title: "a tree of a million tasks, ten below each, all joined",
  unit: "ns",
  per: "task at the end of the tree",
  count: LEAVES,
  mostRounds: 2,
  notes: [
    "All million tasks of Trestle are alive at once, for a task starts in its own turn, and so are those of Effect's forkChild.",
    "Effect.all starts each at once, inside the fork: it has ended before the next one begins.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "openNursery, startSoon, join",
      measure: (leaves) => measured(leaves, () => run(() => trestleNode(0, leaves))),
      audit: failingChildren.Trestle,
    },
    {
      library: "native",
      code: "Promise.all(children)",
      measure: (leaves) => measured(leaves, () => nativeNode(0, leaves)),
      audit: failingChildren.native,
    },
    {
      library: "Effect",
      code: "forkChild, Fiber.joinAll",
      measure: (leaves) => measured(leaves, () => Effect.runPromise(effectNode(0, leaves))),
      audit: failingChildren.Effect,
    },
    {
      library: "Effect",
      code: "Effect.all, unbounded",
      measure: (leaves) => measured(leaves, () => Effect.runPromise(effectAllNode(0, leaves))),
    },
    {
      library: "Effection",
      code: `spawn, yield* task (${FEWER_LEAVES.toLocaleString("en")} tasks)`,
      count: FEWER_LEAVES,
      measure: (leaves) => measured(leaves, () => runEffection(() => effectionNode(0, leaves))),
      audit: failingChildren.Effection,
    },
  ],
};

function measured(leaves: number, sum: () => PromiseLike<number>): Promise<number> {
  return timed(async () => expectResult(await sum(), (leaves * (leaves - 1)) / 2));
}

/** The first numbers of the ten parts of a node's numbers. */
function partsOf(first: number, leaves: number): number[] {
  return Array.from({ length: BRANCHES }, (_, part) => first + (part * leaves) / BRANCHES);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function* trestleNode(first: number, leaves: number): Operation<number> {
  if (leaves === 1) return first;
  return yield* openNursery(function* (nursery) {
    const tasks: Task<number>[] = [];
    for (const part of partsOf(first, leaves)) {
      tasks.push(nursery.startSoon(trestleNode, part, leaves / BRANCHES));
    }
    let sum = 0;
    for (const task of tasks) sum += yield* task.join();
    return sum;
  });
}

async function nativeNode(first: number, leaves: number): Promise<number> {
  if (leaves === 1) return first;
  const parts = partsOf(first, leaves).map((part) => nativeNode(part, leaves / BRANCHES));
  return sumOf(await Promise.all(parts));
}

function effectNode(first: number, leaves: number): Effect.Effect<number> {
  return Effect.gen(function* () {
    if (leaves === 1) return first;
    const fibers: Fiber.Fiber<number>[] = [];
    for (const part of partsOf(first, leaves)) {
      fibers.push(yield* Effect.forkChild(effectNode(part, leaves / BRANCHES)));
    }
    return sumOf(yield* Fiber.joinAll(fibers));
  });
}

function effectAllNode(first: number, leaves: number): Effect.Effect<number> {
  if (leaves === 1) return Effect.succeed(first);
  const parts = partsOf(first, leaves).map((part) => effectAllNode(part, leaves / BRANCHES));
  return Effect.map(Effect.all(parts, { concurrency: "unbounded" }), sumOf);
}

function* effectionNode(first: number, leaves: number): EffectionOperation<number> {
  if (leaves === 1) return first;
  const tasks: EffectionTask<number>[] = [];
  for (const part of partsOf(first, leaves)) {
    tasks.push(yield* spawn(() => effectionNode(part, leaves / BRANCHES)));
  }
  return sumOf(yield* all(tasks));
}
