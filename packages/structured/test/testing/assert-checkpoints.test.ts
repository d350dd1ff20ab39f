import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  cancelShieldedCheckpoint,
  CancelScope,
  checkpoint,
  checkpointIfCancelled,
  Event,
  isCancelled,
  openMemoryChannel,
  openNursery,
  sleep,
  type Operation,
} from "../../src/index.js";
import {
  assertCheckpoints,
  assertNoCheckpoints,
  CheckpointError,
} from "../../src/testing/assert-checkpoints.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

const set = new Event();
set.set();

const full: Readonly<Record<string, () => Operation<unknown>>> = {
  "a checkpoint": () => checkpoint(),
  "a sleep of nothing": () => sleep(0),
  "a sleep": () => sleep(10),
  "an event that is set": () => set.wait(),
  "a send that has room": () => openMemoryChannel<number>(1)[0].send(1),
  "both halves": function* () {
    yield* checkpointIfCancelled();
    yield* cancelShieldedCheckpoint();
  },
};

const none = function* none(): Operation<string> {
  new Event().set();
  return "value";
};

const partial: Readonly<Record<string, () => Operation<unknown>>> = {
  "the look alone": () => checkpointIfCancelled(),
  "the turn alone": () => cancelShieldedCheckpoint(),
  "a nursery alone, whose end does not look": () => openNursery(none),
  "the checkpoints of a child": () =>
    openNursery(function* (nursery) {
      nursery.startSoon(() => checkpoint());
    }),
};

describe("assertCheckpoints", () => {
  test.for(Object.entries(full))("accepts %s (TST-8, CKPT-11, T245)", async ([, body]) => {
    await virtualRun().run(() => assertCheckpoints(body));
  });

  test.for([...Object.entries(partial), ["nothing", none] as const])(
    "refuses %s (TST-8, T245)",
    async ([, body]) => {
      const error = await rejectionOf(virtualRun().run(() => assertCheckpoints(body)));
      expect(error).toBeInstanceOf(CheckpointError);
    },
  );

  test("says which half is missing, and of what", async () => {
    const { run } = virtualRun();
    const hurried = function* hurried(): Operation<void> {
      yield* checkpointIfCancelled();
    };
    await expect(run(() => assertCheckpoints(hurried))).rejects.toThrow(
      "Cannot confirm that 'hurried' passes a checkpoint: it could be cancelled, and never gave up its turn.",
    );
    await expect(run(() => assertCheckpoints(() => none()))).rejects.toThrow(
      "the body passes a checkpoint: it could not be cancelled, and never gave up its turn.",
    );
  });

  test("gives what the body gives, called with the arguments", async () => {
    const body = function* (a: number, b: number): Operation<number> {
      yield* checkpoint();
      return a + b;
    };
    await expect(virtualRun().run(() => assertCheckpoints(body, 1, 2))).resolves.toBe(3);
  });

  test("lets an error of the body pass, with or without a checkpoint before it (T245)", async () => {
    const error = new Error("of the body");
    const body = function* (): Operation<void> {
      throw error;
    };
    await expect(rejectionOf(virtualRun().run(() => assertCheckpoints(body)))).resolves.toBe(error);
  });

  test("looks at its own task only, also while others are busy", async () => {
    const error = await rejectionOf(
      virtualRun().run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            for (let i = 0; i < 5; i++) yield* checkpoint();
          });
          yield* assertCheckpoints(() => cancelShieldedCheckpoint());
        }),
      ),
    );
    expect(String((error as AggregateError).errors)).toContain("it could not be cancelled");
  });

  test("can be nested, and is over with its block", async () => {
    await virtualRun().run(function* () {
      yield* assertCheckpoints(function* () {
        yield* assertCheckpoints(() => checkpoint());
        yield* assertNoCheckpoints(none);
      });
      yield* assertNoCheckpoints(none);
      yield* checkpoint();
    });
  });

  test("refuses an async function", async () => {
    const wrong = (async () => {}) as never;
    await expect(virtualRun().run(() => assertCheckpoints(wrong))).rejects.toThrow(
      WrongFlavorError,
    );
  });
});

describe("assertNoCheckpoints", () => {
  test("accepts code that never waits, and gives its value (TST-8, T245)", async () => {
    await expect(virtualRun().run(() => assertNoCheckpoints(none))).resolves.toBe("value");
  });

  test.for([...Object.entries(full), ...Object.entries(partial)])(
    "refuses %s (TST-8, T245)",
    async ([, body]) => {
      const error = await rejectionOf(virtualRun().run(() => assertNoCheckpoints(body)));
      expect(error).toBeInstanceOf(CheckpointError);
    },
  );

  test("lets an error of the body pass where there was no checkpoint (T245)", async () => {
    const error = new Error("of the body");
    const body = function* (): Operation<void> {
      throw error;
    };
    await expect(rejectionOf(virtualRun().run(() => assertNoCheckpoints(body)))).resolves.toBe(
      error,
    );
  });

  test("keeps an error of the body as the cause where there was one", async () => {
    const error = new Error("of the body");
    const body = function* (): Operation<void> {
      yield* checkpoint();
      throw error;
    };
    const caught = await rejectionOf(virtualRun().run(() => assertNoCheckpoints(body)));
    expect(caught).toBeInstanceOf(CheckpointError);
    expect((caught as Error).cause).toBe(error);
  });

  test("counts a checkpoint that was cancelled", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    scope.cancel();
    const caught = await rejectionOf(
      run(() => scope.run(() => assertNoCheckpoints(() => checkpoint()))),
    );
    expect(caught).toBeInstanceOf(CheckpointError);
    expect(isCancelled((caught as Error).cause)).toBe(true);
  });
});
