import { describe, expect, test } from "vitest";
import { checkpoint, openNursery, sleep, type Operation } from "../../src/index.js";
import type { CancellationWatch } from "../../src/testing/cancellation-watch.js";
import { Injection } from "../../src/testing/injection.js";
import { virtualRun } from "../virtual-run.js";

const limits = { steps: 1000, exceeded: () => {} };

async function inject(
  at: number,
  operation: (watch: CancellationWatch) => Operation<unknown>,
): Promise<Injection> {
  const injection = new Injection(at, limits);
  await virtualRun().run(() => injection.main(operation));
  return injection;
}

const three = function* (): Operation<void> {
  yield* checkpoint();
  yield* openNursery(function* (nursery) {
    nursery.startSoon(function* child() {
      yield* sleep(5);
    });
  });
  yield* sleep(10);
};

describe("an injected cancellation", () => {
  test("comes at its checkpoint, in whatever task that is", async () => {
    const all = await Promise.all([0, 1, 2, 3, 4].map((at) => inject(at, three)));
    expect(
      all.map(({ checkpoints, place, ending }) => [checkpoints, place?.task, ending?.how]),
    ).toEqual([
      [3, undefined, "value"],
      [1, "main", "cancelled"],
      [2, "child", "cancelled"],
      [3, "main", "cancelled"],
      [3, undefined, "value"],
    ]);
  });

  test("does not count the checkpoints of the look at what is left", async () => {
    const { checkpoints } = await inject(0, () => checkpoint());
    expect(checkpoints).toBe(1);
  });

  test("tells how long the operation went on after it", async () => {
    const { elapsedMs } = await inject(2, function* () {
      yield* sleep(100);
      try {
        yield* sleep(100);
      } finally {
        yield* openNursery(function* (nursery) {
          nursery.cancelScope.shield = true;
          yield* sleep(7);
        });
      }
    });
    expect(elapsedMs).toBe(7);
  });

  test("counts steps from there on only, unless it comes nowhere", async () => {
    const stepsUntil = async (at: number, rounds: number): Promise<boolean> => {
      let exceeded = false;
      const injection = new Injection(at, { steps: 20, exceeded: () => (exceeded = true) });
      await virtualRun().run(() =>
        injection.main(function* () {
          for (let i = 0; i < rounds; i++) yield* checkpoint();
        }),
      );
      return exceeded;
    };
    await expect(stepsUntil(0, 10)).resolves.toBe(false);
    await expect(stepsUntil(0, 30)).resolves.toBe(true);
    await expect(stepsUntil(30, 30)).resolves.toBe(false);
  });

  test("leaves no instrument behind", async () => {
    let spied = 0;
    const injection = new Injection(1, limits);
    await virtualRun().run(function* () {
      yield* injection.main(() => checkpoint());
      const before = injection.checkpoints;
      yield* checkpoint();
      spied = injection.checkpoints - before;
    });
    expect(spied).toBe(0);
  });
});
