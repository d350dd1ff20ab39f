// Mixing the flavors does not compile: a promise is no operation, an async function no structured one, and the reverse.
import {
  abortable,
  CancelScope,
  checkpoint,
  CapacityLimiter,
  failAfter,
  fromPromise,
  Lock,
  moveOnAfter,
  named,
  openMemoryChannel,
  openNursery,
  run,
  Semaphore,
  sleep,
  type Nursery,
  type Operation,
  type TaskStatus,
} from "../../src/index.js";
import { suspend } from "../../src/lowlevel.js";

async function load(): Promise<number> {
  return 42;
}

async function* items(): AsyncGenerator<number> {
  yield 42;
}

const promise = load();

export function* yieldStar(): Operation<void> {
  // @ts-expect-error -- a promise is not iterable
  yield* promise;
  // @ts-expect-error -- neither is what an async function returns
  yield* load();
  // @ts-expect-error -- nor an async iterable
  yield* items();
  // @ts-expect-error -- an operation has to be made first
  yield* sleep;
  // @ts-expect-error -- an array is iterable, but its members are no suspensions
  yield* [sleep(1), sleep(2)];
  // @ts-expect-error -- a string is iterable, too
  yield* "abc";
}

export function* plainYield(): Operation<void> {
  // @ts-expect-error -- the star is missing: a promise
  yield promise;
  // @ts-expect-error -- the star is missing: an operation
  yield sleep(10);
  // @ts-expect-error -- there is nothing that may be yielded
  yield;
}

function* unannotated() {
  yield promise;
}

export const entries = [
  // @ts-expect-error -- the star is missing in a function whose type is inferred
  () => run(unannotated),
  () =>
    // @ts-expect-error -- the star is missing in a function in place
    run(function* () {
      yield sleep(10);
    }),
  // @ts-expect-error -- an async function
  () => run(load),
  // @ts-expect-error -- a plain function of a promise
  () => run(() => promise),
  // @ts-expect-error -- an async generator function
  () => run(items),
  // @ts-expect-error -- a function that returns nothing
  () => run(() => {}),
  // @ts-expect-error -- an operation instead of a function of one
  () => run(sleep(10)),
  // @ts-expect-error -- main takes no arguments
  () => run((name: string) => sleep(name.length)),
];

export function children(nursery: Nursery): unknown[] {
  return [
    // @ts-expect-error -- an async function
    () => nursery.startSoon(load),
    // @ts-expect-error -- a function whose star is missing
    () => nursery.startSoon(unannotated),
    // @ts-expect-error -- a promise
    () => nursery.startSoon(promise),
    // @ts-expect-error -- an operation, already made
    () => nursery.startSoon(sleep(10)),
    // @ts-expect-error -- an argument is missing
    () => nursery.startSoon(sleep),
    // @ts-expect-error -- an argument is of a wrong type
    () => nursery.startSoon(sleep, "10"),
    // @ts-expect-error -- an argument too many
    () => nursery.startSoon(sleep, 10, 20),
    // @ts-expect-error -- an async function, with a status
    () => nursery.start(async (status: TaskStatus) => status.started()),
    // @ts-expect-error -- the first parameter is no status
    () => nursery.start(sleep, 10),
    // @ts-expect-error -- the nursery of another library
    () => ({ startSoon: () => {} }) satisfies Nursery,
  ];
}

export const bodies = [
  // @ts-expect-error -- an async body
  () => openNursery(async () => {}),
  // @ts-expect-error -- an async body
  () => new CancelScope().run(async () => {}),
  // @ts-expect-error -- an async body
  () => moveOnAfter(10, async () => {}),
  // @ts-expect-error -- an async body
  () => failAfter(10, async () => {}),
  // @ts-expect-error -- a duration is a number
  () => moveOnAfter("10", () => checkpoint()),
  // @ts-expect-error -- an async body
  () => new Lock().hold(load),
  // @ts-expect-error -- an async body
  () => new Semaphore(1).hold(load),
  // @ts-expect-error -- an async body
  () => new CapacityLimiter(1).hold(load),
  // @ts-expect-error -- an async body
  () => openMemoryChannel<number>(1)[1].each(async () => {}),
  // @ts-expect-error -- an async function
  () => named("load", load),
];

export const promises = [
  // @ts-expect-error -- an operation is no promise
  () => fromPromise(sleep(10)),
  // @ts-expect-error -- nor is a number
  () => fromPromise(42),
  // @ts-expect-error -- a structured function gives no promise
  () => abortable(function* () {}),
  // @ts-expect-error -- a wait is a function that arms
  () => suspend(promise, "a promise"),
  // @ts-expect-error -- a wait gives its abort back
  () => suspend(() => {}, "nothing"),
  // @ts-expect-error -- and the abort answers one of two words
  () => suspend(() => () => "cancelled", "nothing"),
];

export async function awaited(): Promise<void> {
  // @ts-expect-error -- an operation is not awaited
  // oxlint-disable-next-line await-thenable -- the same
  await sleep(10);
  // @ts-expect-error -- nor is a block
  // oxlint-disable-next-line await-thenable -- the same
  await openNursery(() => sleep(10));
}

// @ts-expect-error -- nor is it what an async function returns: that would be awaited
export const returned = async () => sleep(10);
