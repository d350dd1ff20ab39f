import { expectTypeOf } from "vitest";
import {
  createTask,
  gather,
  run,
  sleep,
  taskGroup,
  timeout,
  waitFor,
  type Future,
  type Task,
} from "../../src/index.js";

async function load(url: string, retries: number): Promise<Map<string, number>> {
  return new Map([[url, retries]]);
}

function* walk(): Generator<number, string> {
  yield 1;
  return "done";
}

// A task is a promise of what its function returns, and takes the function's arguments.
expectTypeOf(createTask(load, "http://localhost/", 3)).toEqualTypeOf<Task<Map<string, number>>>();
expectTypeOf(createTask(() => sleep(1, "slept"))).toEqualTypeOf<Task<string>>();
expectTypeOf<Task<number>>().toExtend<Future<number>>();
expectTypeOf<Future<number>>().toExtend<Promise<number>>();
expectTypeOf(run(() => load("", 1))).toEqualTypeOf<Promise<Map<string, number>>>();
expectTypeOf(sleep(1)).toEqualTypeOf<Future<void>>();
expectTypeOf(sleep(1, 5)).toEqualTypeOf<Future<number>>();

// @ts-expect-error -- an argument is missing
void createTask(load, "http://localhost/");
// @ts-expect-error -- a wrong argument
void createTask(load, "http://localhost/", "3");

// The results of a gather keep their places.
expectTypeOf(
  gather([() => load("", 1), Promise.resolve(true), createTask(async () => 5)]),
).toExtend<Future<[Map<string, number>, boolean, number]>>();

// Blocks give what their bodies give.
expectTypeOf(timeout(1, async () => "value")).toEqualTypeOf<Promise<string>>();
expectTypeOf(taskGroup(async (group) => group.createTask(load, "", 1))).toEqualTypeOf<
  Promise<Map<string, number>>
>();
expectTypeOf(waitFor(() => load("", 1), 1)).toEqualTypeOf<Promise<Map<string, number>>>();

// Structured functions and operations do not compile where the loop flavor is wanted.
// @ts-expect-error -- a generator function
void createTask(walk);
// @ts-expect-error -- a generator function
void run(walk);
// @ts-expect-error -- a generator function
void gather([walk]);
// @ts-expect-error -- an operation
void gather([walk()]);
// @ts-expect-error -- a generator function
void timeout(1, walk);
// @ts-expect-error -- a generator function
void taskGroup(walk);
// @ts-expect-error -- a generator function
void waitFor(walk, 1);
