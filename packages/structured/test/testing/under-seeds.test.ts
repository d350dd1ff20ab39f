import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { checkpoint, openNursery, type Operation } from "../../src/index.js";
import { SeedError, underSeeds } from "../../src/testing/under-seeds.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

/** Fails where the second child comes first. */
function inOrder(seed: number): Promise<void> {
  return virtualRun().run(
    function* (): Operation<void> {
      const order: string[] = [];
      yield* openNursery(function* (nursery) {
        for (const name of ["a", "b", "c"]) {
          nursery.startSoon(function* () {
            yield* checkpoint();
            order.push(name);
          });
        }
      });
      if (order.join("") !== "abc") throw new Error(`came as ${order.join("")}`);
    },
    { seed },
  );
}

describe("a test under seeds", () => {
  test("runs once with each, one after another", async () => {
    const log: string[] = [];
    await underSeeds(3, async (seed) => {
      log.push(`${seed} begins`);
      await Promise.resolve();
      log.push(`${seed} ends`);
    });
    await underSeeds(new Set([17, -4]), (seed) => void log.push(`${seed}`));
    expect(log).toEqual([
      "0 begins",
      "0 ends",
      "1 begins",
      "1 ends",
      "2 begins",
      "2 ends",
      "17",
      "-4",
    ]);
  });

  test("says with which seed it failed, which fails again (TST-18, T248)", async () => {
    const error = await rejectionOf(underSeeds(100, inOrder));
    expect(error).toBeInstanceOf(SeedError);
    const { seed, cause, message } = error as SeedError;
    expect(message).toContain(`{ seed: ${seed} }`);
    expect(message).toContain((cause as Error).message);
    const again = await rejectionOf(inOrder(seed));
    expect((again as Error).message).toBe((cause as Error).message);
  });

  test("stops at the first failure, also of a test that throws at once", async () => {
    const seeds: number[] = [];
    const failing = (seed: number): void => {
      seeds.push(seed);
      if (seed === 2) throw new Error("two");
    };
    await expect(rejectionOf(underSeeds(10, failing))).resolves.toMatchObject({ seed: 2 });
    expect(seeds).toEqual([0, 1, 2]);
  });

  test.for([0, -1, 1.5, NaN, [], [1, 0.5], "12", null])("refuses %j as seeds", async (seeds) => {
    await expect(underSeeds(seeds as number, inOrder)).rejects.toThrow(ArgumentError);
  });

  test("refuses an operation that nobody has run, which would always pass", async () => {
    await expect(underSeeds(3, () => checkpoint())).rejects.toThrow(WrongFlavorError);
    const generator = function* (): Operation<void> {
      throw new Error("never seen");
    };
    await expect(underSeeds(3, generator)).rejects.toThrow(WrongFlavorError);
  });
});
