import { describe, expect, test } from "vitest";
import { ambient, requireTask } from "../src/ambient.js";
import { checkpoint, NoRunError, openNursery } from "../src/index.js";
import { virtualRun } from "./virtual-run.js";

describe("the task that runs now", () => {
  test("is there while a task's code runs, and not in between (RUN-22)", async () => {
    const { run, host } = virtualRun();
    const seen: boolean[] = [];
    const look = (): void => void seen.push(ambient.task !== undefined);
    look();
    host.soon(look);
    const ended = run(function* () {
      look();
      yield* checkpoint();
      look();
    });
    look();
    await ended;
    look();
    expect(seen).toEqual([false, false, false, true, true, false]);
  });

  test("is each task in its own turn", async () => {
    const { run } = virtualRun();
    const seen: unknown[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        const child = nursery.startSoon(function* () {
          seen.push(requireTask("look") === child);
        });
        yield* checkpoint();
        seen.push(requireTask("look") === child);
      }),
    );
    expect(seen).toEqual([true, false]);
  });

  test("is asked for in words where there is none", () => {
    expect(() => requireTask("tell the time")).toThrow(NoRunError);
    expect(() => requireTask("tell the time")).toThrow(
      "Cannot tell the time: no structured task is running here.",
    );
  });
});
