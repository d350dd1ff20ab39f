import { describe, expect, test } from "vitest";
import { checkpoint, currentEffectiveDeadline, moveOnAfter, openNursery } from "../src/index.js";
import { virtualRun } from "./virtual-run.js";

describe("currentEffectiveDeadline", () => {
  test("is the earliest of all around, up to a shield, and moves with them (SCOPE-19, T69)", async () => {
    const { run } = virtualRun();
    const seen: number[] = [];
    const look = (): void => void seen.push(currentEffectiveDeadline());
    await run(function* () {
      look();
      yield* moveOnAfter(10, function* (outer) {
        look();
        yield* moveOnAfter(5, function* (inner) {
          look();
          inner.deadline = 20;
          look();
          inner.shield = true;
          look();
          outer.cancel();
          look();
          inner.shield = false;
          look();
        });
      });
    });
    expect(seen).toEqual([Infinity, 10, 5, 10, 20, 20, -Infinity]);
  });

  test("goes by where the task is, not by where its nursery's owner is", async () => {
    const { run } = virtualRun();
    const seen: number[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        yield* moveOnAfter(10, function* () {
          nursery.startSoon(function* () {
            seen.push(currentEffectiveDeadline());
          });
          yield* checkpoint();
        });
      }),
    );
    expect(seen).toEqual([Infinity]);
  });

  test("has none to tell outside of tasks", () => {
    expect(() => currentEffectiveDeadline()).toThrow("Cannot tell the effective deadline");
  });
});
