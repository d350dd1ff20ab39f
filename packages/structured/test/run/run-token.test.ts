import { describe, expect, test } from "vitest";
import { fromPromise, openNursery } from "../../src/index.js";
import { currentRunToken, spawnSystemTask } from "../../src/lowlevel.js";
import { virtualRun } from "../virtual-run.js";

describe("the token of a run", () => {
  test("is one for all tasks of the run, and may be a key or held weakly (TOK-1, T53)", async () => {
    const { run } = virtualRun();
    const tokens = new Set<unknown>();
    await run(() =>
      openNursery(function* (nursery) {
        const take = function* () {
          tokens.add(currentRunToken());
        };
        yield* take();
        nursery.startSoon(take);
        spawnSystemTask(take);
        currentRunToken().runSoon(() => tokens.add(currentRunToken()));
      }),
    );
    expect(tokens.size).toBe(1);
    for (const token of tokens) expect(new WeakRef(token as object).deref()).toBe(token);
  });

  test("is another for each run, one inside another too", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const outer = currentRunToken();
      const inner = yield* fromPromise(
        run(function* () {
          return currentRunToken();
        }),
      );
      expect(inner).not.toBe(outer);
      expect(currentRunToken()).toBe(outer);
    });
  });
});
