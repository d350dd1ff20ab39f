import { expectTypeOf } from "vitest";
import {
  asCompleted,
  Condition,
  createTask,
  type LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  wait,
  type Future,
  type Held,
  type Task,
} from "../../src/index.js";

const number = createTask(async () => 1);
const text = createTask(async () => "text");
declare const future: Future<boolean>;

// A wait gives the very futures that it was given.
expectTypeOf(wait([number])).toEqualTypeOf<
  Promise<{ readonly done: Set<Task<number>>; readonly pending: Set<Task<number>> }>
>();
void wait([number, text, future]).then(({ done }) => {
  expectTypeOf(done).toEqualTypeOf<Set<Task<number> | Task<string> | Future<boolean>>>();
});
// @ts-expect-error -- a function would not be found in the result
void wait([async () => 1]);
// @ts-expect-error -- one that is not in a list
void wait(number);
// @ts-expect-error -- asyncio's name
void wait([number], { returnWhen: "FIRST_COMPLETED" });

// As they are completed: Futures themselves, tasks for functions, Futures for promises.
void (async () => {
  for await (const { future } of asCompleted([number, async () => "text", Promise.resolve(true)]))
    expectTypeOf(future).toEqualTypeOf<Task<number> | Task<string> | Future<boolean>>();
});

// Locks.
expectTypeOf(new Lock().acquire()).toEqualTypeOf<Promise<Held>>();
expectTypeOf(new Lock().hold(async () => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(new Condition().waitFor(() => 1)).toEqualTypeOf<Promise<number>>();
// @ts-expect-error -- a generator function
void new Lock().hold(function* () {});

// Queues: each kind is a Queue.
expectTypeOf(new Queue<number>().get()).toEqualTypeOf<Promise<number>>();
expectTypeOf<PriorityQueue<number>>().toExtend<Queue<number>>();
expectTypeOf<LifoQueue<number>>().toExtend<Queue<number>>();
// @ts-expect-error -- an item of another type
void new Queue<number>().put("text");
// @ts-expect-error -- a comparison of another type
void new PriorityQueue<number>(0, { compare: (a: string, b: string) => a.length - b.length });
