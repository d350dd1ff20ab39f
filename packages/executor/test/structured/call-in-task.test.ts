import { WrongFlavorError } from "@trestle/host";
import { checkpoint, run, sleep, type Operation } from "@trestle/structured";
import { expect, test } from "vitest";
import { HostFunctionError } from "../../src/host-function-error.js";
import { callInTask } from "../../src/structured/call-in-task.js";

function call(name: string, ...args: unknown[]) {
  return { name, args, isBlocking: false, answer: () => {} };
}

const functions = {
  plain: (number: number) => number + 1,
  list: () => [1, 2],
  map: () => new Map([[1, 2]]),
  *generator(number: number): Operation<number> {
    yield* checkpoint();
    return number + 2;
  },
  operation: () => sleep(0),
  async wrong(): Promise<never> {
    throw new Error("nobody hears this");
  },
};

test("runs plain functions and structured ones, and takes lists for values", () =>
  run(function* () {
    expect(yield* callInTask(functions, call("plain", 1))).toBe(2);
    expect(yield* callInTask(functions, call("list"))).toEqual([1, 2]);
    expect(yield* callInTask(functions, call("map"))).toEqual(new Map([[1, 2]]));
    expect(yield* callInTask(functions, call("generator", 1))).toBe(3);
    expect(yield* callInTask(functions, call("operation"))).toBeUndefined();
  }));

test("refuses async functions, and those that were not given", async () => {
  await expect(run(() => callInTask(functions, call("wrong")))).rejects.toThrow(WrongFlavorError);
  await expect(run(() => callInTask(functions, call("none")))).rejects.toThrow(HostFunctionError);
});
