import { lockBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { Condition, Lock, openNursery, sleep, StrictFIFOLock } from "../../src/index.js";
import { structuredStage } from "../structured-stage.js";
import { virtualRun } from "../virtual-run.js";

const locks = lockBehaviours(() => {
  const stage = structuredStage();
  const lock = new StrictFIFOLock();
  return {
    stage,
    acquire: () => () => lock.acquire(),
    release: () => stage.call(() => lock.release()),
  };
});

describe("a strict lock (LK-2, T222, T223)", () => {
  for (const { title, run } of locks) test(title, run);

  test("is a Lock, and can be that of a condition (CO-1)", () => {
    expect(new StrictFIFOLock()).toBeInstanceOf(Lock);
    expect(new Condition(new StrictFIFOLock()).locked).toBe(false);
  });

  test("serves a crowd in the order of its arrival, over and over (LK-2, T223)", async () => {
    const { run } = virtualRun();
    const lock = new StrictFIFOLock();
    const visits: number[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        for (let visitor = 0; visitor < 5; visitor++) {
          nursery.startSoon(function* () {
            yield* sleep(visitor);
            for (let i = 0; i < 5; i++) {
              yield* lock.hold(function* () {
                visits.push(visitor);
                yield* sleep(10);
              });
            }
          });
        }
      }),
    );
    expect(visits).toEqual(Array.from({ length: 25 }, (_, i) => i % 5));
  });
});
