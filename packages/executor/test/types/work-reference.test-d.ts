import { expectTypeOf } from "vitest";
import type { Executor } from "../../src/executor.js";
import type { Job } from "../../src/job.js";
import type { ModuleReference, WorkReference } from "../../src/work-reference.js";

interface Work {
  add(one: number, two: number): number;
  load(name: string): Promise<Uint8Array>;
  VERSION: string;
}

declare const work: ModuleReference<Work>;
declare const executor: Executor;

// A module's functions are there, with the types of their arguments and of what they come to.
expectTypeOf(work.add).toExtend<WorkReference<[one: number, two: number], number>>();
expectTypeOf(executor.submit(work.add, [1, 2])).toEqualTypeOf<Job<number>>();
expectTypeOf(executor.submit(work.load, ["a"])).toEqualTypeOf<Job<Uint8Array>>();
expectTypeOf(executor.map(work.add, [[1, 2]])).toEqualTypeOf<AsyncGenerator<number, void, void>>();

// @ts-expect-error what is no function is not
void work.VERSION;
// @ts-expect-error nor what the module does not export
void work.subtract;
// @ts-expect-error a wrong argument
void executor.submit(work.add, ["1", 2]);
// @ts-expect-error a missing one
void executor.submit(work.add, [1]);
// @ts-expect-error functions do not travel
void executor.submit((one: number) => one, [1]);
