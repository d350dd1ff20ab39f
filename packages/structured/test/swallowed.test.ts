import { beforeEach, describe, expect, test, vi, type MockInstance } from "vitest";
import {
  CancelScope,
  checkpoint,
  checkpointIfCancelled,
  moveOnAfter,
  named,
  openNursery,
  sleep,
  type Operation,
} from "../src/index.js";
import { suspend } from "../src/suspend.js";
import { virtualRun } from "./virtual-run.js";

let warnings: MockInstance;
beforeEach(() => {
  warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
});

/** Runs an operation so many times, and swallows whatever it throws. */
function* swallowing(times: number, operation: () => Operation<unknown>): Operation<void> {
  for (let i = 0; i < times; i++) {
    try {
      yield* operation();
    } catch {
      // Swallowed.
    }
  }
}

describe("a task that swallows its cancellation over and over", () => {
  test("is reported by name, once, with what to write instead", async () => {
    const { run } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.cancelScope.cancel();
        nursery.startSoon(named("deaf", swallowing), 5000, checkpoint);
      }),
    );
    expect(warnings.mock.calls).toEqual([
      [
        "Cannot cancel task 'deaf': it has caught Cancelled 1000 times, and goes on.\n" +
          "Let it pass: where you catch everything, write 'if (isCancelled(error)) throw error'.",
        { type: "TrestleWarning", code: "TRESTLE_CANCELLED_SWALLOWED" },
      ],
    ]);
  });

  test.each([
    ["checkpoint", checkpoint],
    ["checkpointIfCancelled", checkpointIfCancelled],
    ["sleep", () => sleep(1000)],
    ["a wait", () => suspend(() => () => "withdrawn", "nothing")],
  ])(
    "pauses, longer each time, so that the program goes on and its time as well: %s",
    async (_name, operation) => {
      const { run, host, trace, log } = virtualRun();
      await run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            for (let i = 0; i < 3; i++) {
              yield* sleep(1);
              log("the other goes on");
            }
          });
          yield* moveOnAfter(0, () => swallowing(3500, operation));
        }),
      );
      expect(trace.entries).toEqual([
        [1, "the other goes on"],
        [2, "the other goes on"],
        [3, "the other goes on"],
      ]);
      expect(host.now()).toBe(1 + 2 + 3);
    },
  );

  test("can be waited for in the end, and shows in reports while it pauses", async () => {
    const { run } = virtualRun();
    let blocked: readonly string[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          try {
            yield* moveOnAfter(0, () => named("deaf", swallowing)(1500, checkpoint));
          } finally {
            nursery.cancelScope.cancel();
          }
        });
        yield* sleep(0.5);
        blocked = nursery.childTasks.map((task) =>
          String((task as unknown as { parked: unknown }).parked),
        );
      }),
    );
    expect(blocked).toEqual(["a moment (it swallows its cancellation)"]);
  });
});

describe("a task that passes very many cancelled scopes", () => {
  test("is not taken for one: each scope counts by itself", async () => {
    const { run, host } = virtualRun();
    await run(function* () {
      for (let i = 0; i < 3000; i++) yield* moveOnAfter(0, () => checkpoint());
    });
    expect(warnings).not.toHaveBeenCalled();
    expect(host.now()).toBe(0);
  });

  test("is not taken for one either where each was swallowed inside", async () => {
    const { run, host } = virtualRun();
    await run(function* () {
      for (let i = 0; i < 3000; i++) yield* moveOnAfter(0, () => swallowing(1, checkpoint));
    });
    expect(warnings).not.toHaveBeenCalled();
    expect(host.now()).toBe(0);
  });
});

test("ten thousand tasks that are cancelled at once do not pause", async () => {
  const { run, host } = virtualRun();
  const scope = new CancelScope();
  await run(() =>
    scope.run(() =>
      openNursery(function* (nursery) {
        for (let i = 0; i < 10_000; i++) nursery.startSoon(sleep, 1000);
        yield* checkpoint();
        scope.cancel();
      }),
    ),
  );
  expect(host.now()).toBe(0);
  expect(warnings).not.toHaveBeenCalled();
});
