import { describe, expect, test } from "vitest";
import { checkpoint, currentTask, inStructuredTask, named, NoRunError } from "../src/index.js";
import { virtualRun } from "./virtual-run.js";

describe("currentTask", () => {
  test("is the task that runs, the same each time (T14)", async () => {
    const { run } = virtualRun();
    await run(
      named("main", function* () {
        const before = currentTask();
        yield* checkpoint();
        expect(currentTask()).toBe(before);
        expect(before.name).toBe("main");
      }),
    );
  });

  test("is an error outside of a task (RUN-21, T15)", () => {
    expect(() => currentTask()).toThrow(NoRunError);
  });
});

test("inStructuredTask tells whether there is one, and never throws (RUN-22, T104)", async () => {
  const { run, host } = virtualRun();
  const seen: boolean[] = [inStructuredTask()];
  host.soon(() => seen.push(inStructuredTask()));
  await run(function* () {
    seen.push(inStructuredTask());
  });
  expect(seen).toEqual([false, false, true]);
});
