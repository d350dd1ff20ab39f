import { failure, success, type Wait } from "@trestle/host";
import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import type { ExecutorLayer, ExecutorWork, LoopExecutor } from "../src/executor-layer.js";
import { LayerMissingError } from "../src/layer-missing-error.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";
import { toThread } from "../src/to-thread.js";

/** An executor that knows its functions by name, as threads do. */
function executorOf(
  functions: Record<string, (...args: never[]) => unknown>,
  log: string[],
): ExecutorLayer {
  const executor: LoopExecutor = {
    submit: <A extends unknown[], T>(work: ExecutorWork<A, T>, args: A) => {
      const wait: Wait<T> = (resume) => {
        const fn = functions[(work as { name: string }).name] as (...args: A) => T;
        const immediate = setImmediate(() => {
          try {
            resume(success(fn(...args)));
          } catch (error) {
            resume(failure(error));
          }
        });
        return () => {
          clearImmediate(immediate);
          log.push("withdrawn");
          return "withdrawn";
        };
      };
      return { wait };
    },
    shutdown: () => {
      log.push("shut down");
      const wait: Wait<void> = (resume) => {
        resume(success());
        return () => "withdrawn";
      };
      return { wait };
    },
  };
  return { openDefaultExecutor: () => executor };
}

const add: ExecutorWork<[number, number], number> = { name: "add" } as object;
const fail: ExecutorWork<[], never> = { name: "fail" } as object;

test("gives what the work returns or throws, and the loop shuts the executor down", async () => {
  const log: string[] = [];
  const functions = {
    add: (one: number, two: number) => one + two,
    fail: () => {
      throw new Error("a defect");
    },
  };
  await run(
    async () => {
      expect(await toThread(add, 1, 2)).toBe(3);
      await expect(toThread(fail)).rejects.toThrow("a defect");
    },
    { executor: executorOf(functions, log) },
  );
  expect(log).toEqual(["shut down"]);
});

test("a cancellation goes to the job", async () => {
  const log: string[] = [];
  await run(
    async () => {
      const task = createTask(() => toThread(add, 1, 2));
      await sleep(0);
      await sleep(0);
      task.cancel("enough");
      await expect(task).rejects.toThrow("enough");
    },
    { executor: executorOf({ add: () => expect.unreachable() }, log) },
  );
  expect(log).toEqual(["withdrawn", "shut down"]);
});

test("says what to install where the loop has no executor, and needs a loop", async () => {
  expect(() => toThread(add, 1, 2)).toThrow(NoLoopError);
  await run(async () => {
    expect(() => toThread(add, 1, 2)).toThrow(LayerMissingError);
    expect(() => toThread(add, 1, 2)).toThrow("@trestle/executor");
  });
});
