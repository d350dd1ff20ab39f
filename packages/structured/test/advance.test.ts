import { expect, test } from "vitest";
import { checkpoint, sleep, type Operation } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

test("a turn goes on until the task waits", async () => {
  const { run, trace, log } = virtualRun();
  await run(function* () {
    log("one");
    log("two");
    yield* sleep(5);
    log("three");
  });
  expect(trace.entries).toEqual([
    [0, "one"],
    [0, "two"],
    [5, "three"],
  ]);
});

test("what is yielded and is not the runtime's is refused at that yield, as often as it comes", async () => {
  const { run, trace, log } = virtualRun();
  const main = function* (): Generator<unknown, string> {
    for (const foreign of [5, Promise.resolve(), undefined]) {
      try {
        yield foreign;
      } catch (error) {
        log((error as Error).name);
      }
      yield* checkpoint() as unknown as Iterable<unknown>;
    }
    return "the end";
  };
  expect(await run(main as unknown as () => Operation<string>)).toBe("the end");
  expect(trace.messages).toEqual(Array(3).fill("WrongFlavorError"));
});

test("an operation without a throw ends with the refusal", async () => {
  const { run } = virtualRun();
  const operation = {
    [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 5 }) }),
  } as unknown as Operation<void>;
  expect(await rejectionOf(run(() => operation))).toMatchObject({ name: "WrongFlavorError" });
});
