import { ArgumentError, platformHost, WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  cancelShieldedCheckpoint,
  CancelScope,
  checkpoint,
  currentTime,
  Event,
  fromPromise,
  isCancelled,
  Lock,
  moveOnAfter,
  named,
  openMemoryChannel,
  openNursery,
  sleep,
  sleepForever,
  type Operation,
} from "../../src/index.js";
import {
  cancelAtEachCheckpoint,
  InjectionError,
  type InjectionOptions,
} from "../../src/testing/cancel-at-each-checkpoint.js";
import {
  CancellationFindingsError,
  type CancellationReport,
} from "../../src/testing/cancellation-report.js";
import type { CancellationWatch } from "../../src/testing/cancellation-watch.js";
import { rejectionOf } from "../rejection-of.js";

type Found = readonly [checkpoint: number, kind: string];

async function found(
  operation: (watch: CancellationWatch) => Operation<unknown>,
  options?: InjectionOptions,
): Promise<readonly Found[]> {
  const { findings } = await cancelAtEachCheckpoint(operation, options);
  return findings.map(({ checkpoint: at, kind }) => [at, kind]);
}

const shielded = (body: () => Operation<unknown>): Operation<unknown> =>
  new CancelScope({ shield: true }).run(body);

describe("code that can be cancelled anywhere", () => {
  test("is cancelled at each checkpoint in turn, its children's too, and has no findings", async () => {
    const cancelledAt: string[] = [];
    const report = await cancelAtEachCheckpoint(function* (watch) {
      const lock = watch.lock("the lock", new Lock());
      const open = new Set<string>();
      watch.resource("the file", () => open.has("the file"));
      open.add("the file");
      let step = "before";
      try {
        yield* checkpoint();
        step = "the lock";
        yield* lock.hold(function* () {
          step = "the children";
          yield* openNursery(function* (nursery) {
            nursery.startSoon(() => sleep(1000));
            nursery.startSoon(() => checkpoint());
          });
        });
        step = "the end";
      } finally {
        cancelledAt.push(step);
        open.delete("the file");
      }
    });
    report.throwIfFound();
    expect(report).toMatchObject({ checkpoints: 4, findings: [] });
    // The first is the run that nobody cancels.
    expect(cancelledAt).toEqual(["the end", "before", "the lock", "the children", "the children"]);
  });

  test("may wait in a shield for a while, and fail to wait outside of one", async () => {
    const operation = function* (): Operation<void> {
      try {
        yield* sleep(10);
      } finally {
        try {
          yield* shielded(() => sleep(100));
        } finally {
          yield* checkpoint();
        }
      }
    };
    await expect(found(operation)).resolves.toEqual([]);
  });

  test("may end with a value where the cancellation comes too late", async () => {
    const operation = function* (watch: CancellationWatch): Operation<string> {
      watch.resource("what it gives", () => true);
      yield* shielded(() => checkpoint());
      yield* cancelShieldedCheckpoint();
      return "value";
    };
    await expect(found(operation)).resolves.toEqual([]);
  });

  test("may have timeouts of its own, and background tasks that end with it", async () => {
    const operation = function* (watch: CancellationWatch): Operation<void> {
      const stop = new CancelScope();
      watch.nursery.startSoon(function* service() {
        yield* stop.run(() => sleepForever());
      });
      try {
        yield* moveOnAfter(10, () => sleepForever());
        yield* checkpoint();
      } finally {
        stop.cancel();
      }
    };
    await expect(found(operation)).resolves.toEqual([]);
  });

  test("may have no checkpoint at all", async () => {
    const report = await cancelAtEachCheckpoint(function* () {});
    expect(report).toMatchObject({ checkpoints: 0, findings: [] });
  });
});

describe("what is found", () => {
  test("is code that swallows its Cancelled and ends with a value", async () => {
    const operation = function* (): Operation<string> {
      try {
        yield* sleep(10);
      } catch {
        return "default";
      }
      yield* checkpoint();
      return "value";
    };
    await expect(found(operation)).resolves.toEqual([[1, "swallowed"]]);
  });

  test("is a child that swallows it, by name", async () => {
    const { findings } = await cancelAtEachCheckpoint(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(
          named("careless", function* () {
            try {
              yield* sleep(10);
            } catch {
              // That is what is found.
            }
          }),
        );
        yield* sleep(20);
      }),
    );
    // Also where the body is cancelled at its sleep, before the child has begun its own.
    expect(findings.map(({ checkpoint: at, kind }) => [at, kind])).toEqual([
      [1, "swallowed"],
      [2, "swallowed"],
    ]);
    for (const { message } of findings) expect(message).toContain("task 'careless'");
  });

  test("is a loop that goes on with its Cancelleds, though it gives up in the end", async () => {
    const operation = function* (): Operation<void> {
      for (let i = 0; i < 20; i++) {
        try {
          yield* sleep(10);
        } catch {
          // That is what is found.
        }
      }
      yield* checkpoint();
    };
    const all = await found(operation);
    // From the eleventh on there are no more than ten left to swallow.
    expect(all).toEqual(Array.from({ length: 11 }, (_, i) => [i + 1, "swallowed"]));
    const strict = await found(operation, { mostCancelleds: 1 });
    expect(strict.length).toBe(20);
  });

  test("is an error in place of the Cancelled, with the error", async () => {
    const error = new TypeError("of the cleanup");
    const operation = function* (): Operation<void> {
      let isReady = false;
      try {
        yield* checkpoint();
        isReady = true;
        yield* checkpoint();
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
        if (!isReady) throw error;
      }
    };
    const { findings } = await cancelAtEachCheckpoint(operation);
    expect(findings).toMatchObject([{ checkpoint: 1, kind: "failed", error }]);
  });

  test("is what was not closed and not released", async () => {
    const operation = function* (watch: CancellationWatch): Operation<void> {
      const lock = watch.lock("the lock", new Lock());
      let isOpen = true;
      watch.resource("the file", () => isOpen);
      yield* lock.acquire();
      yield* checkpoint();
      isOpen = false;
      lock.release();
      yield* checkpoint();
    };
    await expect(found(operation)).resolves.toEqual([
      [1, "open"],
      [2, "locked"],
      [2, "open"],
    ]);
  });

  test("is a lock that a child has died with", async () => {
    const operation = function* (watch: CancellationWatch): Operation<void> {
      const lock = watch.lock("the lock", new Lock());
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* lock.acquire();
          yield* checkpoint();
          lock.release();
        });
      });
    };
    await expect(found(operation)).resolves.toEqual([[2, "locked"]]);
  });

  test("is a background task that goes on", async () => {
    const operation = function* (watch: CancellationWatch): Operation<void> {
      const done = new Event();
      watch.nursery.startSoon(named("service", () => done.wait()));
      yield* sleep(10);
      done.set();
      yield* checkpoint();
    };
    const { findings } = await cancelAtEachCheckpoint(operation);
    // The first two: the operation's sleep, and the wait of the service.
    expect(findings.map(({ checkpoint: at, kind, message }) => [at, kind, message])).toEqual([
      [1, "alive", "task 'service' goes on after it has ended"],
      [2, "alive", "task 'service' goes on after it has ended"],
    ]);
  });

  test("is a wait for ever in a shield", async () => {
    const operation = function* (): Operation<void> {
      const reply = new Event();
      try {
        yield* sleep(10);
        reply.set();
      } finally {
        yield* shielded(() => reply.wait());
      }
    };
    const { findings } = await cancelAtEachCheckpoint(operation);
    expect(findings).toMatchObject([{ checkpoint: 1, kind: "hung" }]);
    expect(findings[0]?.message).toContain("waits for an event");
  });

  test("is a long wait in a shield", async () => {
    const operation = function* (): Operation<void> {
      try {
        yield* sleep(10);
      } finally {
        yield* shielded(() => sleep(3_600_000));
      }
    };
    await expect(found(operation)).resolves.toEqual([
      [1, "hung"],
      [2, "hung"],
    ]);
    await expect(found(operation, { mostMs: 3_600_000 })).resolves.toEqual([]);
  });

  test("is a loop without end, in a shield or with every Cancelled caught, which is left behind", async () => {
    const turning = function* (): Operation<void> {
      let isDone = false;
      try {
        yield* sleep(10);
        isDone = true;
      } finally {
        yield* shielded(function* () {
          while (!isDone) yield* checkpoint();
        });
      }
    };
    const catching = function* (): Operation<void> {
      for (;;) {
        try {
          yield* sleep(10);
          return;
        } catch {
          // That is what is found.
        }
      }
    };
    await expect(found(turning, { mostSteps: 1000 })).resolves.toEqual([[1, "hung"]]);
    await expect(found(catching, { mostSteps: 500 })).resolves.toEqual([[1, "hung"]]);
  });

  test("is a background task that fails because of it", async () => {
    const error = new Error("of the service");
    const operation = function* (watch: CancellationWatch): Operation<void> {
      const [send, receive] = openMemoryChannel<number>(0);
      watch.nursery.startSoon(
        named("service", function* () {
          if ((yield* receive.receive()) < 0) throw error;
        }),
      );
      try {
        yield* checkpoint();
        yield* send.send(1);
      } catch (thrown) {
        if (isCancelled(thrown)) yield* shielded(() => send.send(-1));
        throw thrown;
      }
    };
    const { findings } = await cancelAtEachCheckpoint(operation);
    expect(findings.map(({ kind }) => kind)).toEqual(["failed", "failed", "failed"]);
    expect(findings[0]?.error).toMatchObject({ errors: [error] });
  });

  test("is another course than before", async () => {
    let runs = 0;
    const operation = function* (): Operation<void> {
      if (runs++ === 0) yield* checkpoint();
    };
    await expect(found(operation)).resolves.toEqual([[1, "unreached"]]);
  });

  test("says where: the task, and the stack at the checkpoint", async () => {
    const operation = named("upload", function* upload(): Operation<void> {
      try {
        yield* sleep(10);
      } catch {
        // That is what is found.
      }
    });
    const report: CancellationReport = await cancelAtEachCheckpoint(operation);
    expect(report.findings[0]).toMatchObject({ checkpoint: 1, task: "upload", error: undefined });
    expect(report.findings[0]?.stack).toContain("cancel-at-each-checkpoint.test");
    expect(() => report.throwIfFound()).toThrow(CancellationFindingsError);
    expect(() => report.throwIfFound()).toThrow(
      "Cannot cancel 'upload' cleanly:\n  at checkpoint 1",
    );
  });
});

describe("the runs", () => {
  test("are on virtual time of their own, from 0", async () => {
    const times: number[] = [];
    await cancelAtEachCheckpoint(function* () {
      times.push(currentTime());
      yield* sleep(1e9);
      yield* sleep(1e9);
    });
    expect(times).toEqual([0, 0, 0]);
  });

  test("live on the host that they are given, with the seed", async () => {
    const hosts: VirtualHost[] = [];
    const orders: string[] = [];
    const operation = (): Operation<void> =>
      openNursery(function* (nursery) {
        let order = "";
        for (const name of "abcdef") {
          nursery.startSoon(function* () {
            order += name;
            if (order.length === 6) orders.push(order);
          });
        }
        yield* sleep(10);
      });
    const host = (): VirtualHost => {
      const made = new VirtualHost({ startAt: 100 });
      hosts.push(made);
      return made;
    };
    const report = await cancelAtEachCheckpoint(operation, { host, seed: 3 });
    report.throwIfFound();
    expect(hosts.map((each) => each.now())).toEqual([110, 100]);
    const first = orders.splice(0);
    await cancelAtEachCheckpoint(operation, { host, seed: 3 });
    expect(orders).toEqual(first);
    expect(orders).not.toContain("abcdef");
  });

  test("wait for promises, which stop their clock", async () => {
    const platform = platformHost();
    const operation = (): Operation<unknown> =>
      moveOnAfter(1000, () => fromPromise(new Promise<void>((resolve) => platform.soon(resolve))));
    await expect(found(operation)).resolves.toEqual([]);
  });
});

describe("an operation that cannot be looked at", () => {
  test("fails when nobody cancels it", async () => {
    const error = new Error("of its own");
    const rejection = await rejectionOf(
      cancelAtEachCheckpoint(function* () {
        throw error;
      }),
    );
    expect(rejection).toBeInstanceOf(InjectionError);
    expect((rejection as Error).cause).toBe(error);
  });

  test("has a background task that fails", async () => {
    const rejection = await rejectionOf(
      cancelAtEachCheckpoint(function* (watch) {
        watch.nursery.startSoon(function* () {
          throw new Error("of the service");
        });
        yield* sleep(10);
      }),
    );
    expect(rejection).toBeInstanceOf(InjectionError);
  });

  test("waits for ever, or goes on and on", async () => {
    const busy = function* (): Operation<void> {
      for (;;) yield* checkpoint();
    };
    await expect(cancelAtEachCheckpoint(() => sleepForever())).rejects.toThrow(InjectionError);
    await expect(cancelAtEachCheckpoint(busy, { mostSteps: 1000 })).rejects.toThrow(InjectionError);
  });

  test.for([-1, NaN, "10"])("has %j as a limit", async (limit) => {
    for (const name of ["mostSteps", "mostMs", "mostCancelleds"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await expect(cancelAtEachCheckpoint(() => checkpoint(), { [name]: limit })).rejects.toThrow(
        ArgumentError,
      );
    }
  });

  test("is no structured function", async () => {
    await expect(cancelAtEachCheckpoint((async () => {}) as never)).rejects.toThrow(
      WrongFlavorError,
    );
    await expect(cancelAtEachCheckpoint(sleep(1) as never)).rejects.toThrow(WrongFlavorError);
  });
});
