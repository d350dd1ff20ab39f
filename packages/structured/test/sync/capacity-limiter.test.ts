import { ArgumentError } from "@trestle/host";
import { lockBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  CapacityLimiter,
  checkpoint,
  currentTask,
  moveOnAfter,
  named,
  openNursery,
  ReleaseError,
  RelockError,
  sleep,
  WouldBlock,
  type Operation,
} from "../../src/index.js";
import { groupedErrorsOf } from "../rejection-of.js";
import { structuredStage } from "../structured-stage.js";
import { virtualRun } from "../virtual-run.js";

const locks = lockBehaviours(() => {
  const stage = structuredStage();
  const limiter = new CapacityLimiter(1);
  return {
    stage,
    acquire: () => () => limiter.acquire(),
    release: () => stage.call(() => limiter.release()),
  };
});

describe("a limiter of one (T222, T223)", () => {
  for (const { title, run } of locks) test(title, run);
});

describe("a limiter", () => {
  test.each([-1, 1.5, Number.NaN, "2", undefined])("cannot have %j tokens (CL-1)", (tokens) => {
    expect(() => new CapacityLimiter(tokens as number)).toThrow(ArgumentError);
    const limiter = new CapacityLimiter(1);
    expect(() => (limiter.totalTokens = tokens as number)).toThrow(ArgumentError);
    expect(limiter.totalTokens).toBe(1);
  });

  test("may have any number of tokens (CL-1)", () => {
    const limiter = new CapacityLimiter(Infinity);
    for (let i = 0; i < 100; i++) limiter.acquireOnBehalfOfNowait({});
    expect(limiter.borrowedTokens).toBe(100);
    expect(limiter.availableTokens).toBe(Infinity);
  });

  test("lends one token to each borrower (CL-2, T215)", async () => {
    const { run } = virtualRun();
    const limiter = new CapacityLimiter(2);
    await run(
      named("worker", function* () {
        yield* limiter.acquire();
        expect(() => limiter.acquireNowait()).toThrow(RelockError);
        expect(() => limiter.acquireNowait()).toThrow(
          "Cannot acquire a second token of the limiter for task 'worker': it has one already.",
        );
        limiter.release();
        expect(() => limiter.release()).toThrow(ReleaseError);
        expect(() => limiter.release()).toThrow(
          "Cannot release a token of the limiter: task 'worker' has none.",
        );
      }),
    );
  });

  test("lends on behalf of others, told apart by identity (CL-3, CL-6, T215)", async () => {
    const { run } = virtualRun();
    const limiter = new CapacityLimiter(2);
    const [a, b] = [{}, {}];
    await run(function* () {
      yield* limiter.acquireOnBehalfOf(a);
      limiter.acquireOnBehalfOfNowait(b);
      expect(() => limiter.acquireOnBehalfOfNowait(b)).toThrow(RelockError);
      expect(() => limiter.acquireOnBehalfOfNowait({})).toThrow(WouldBlock);
      expect(limiter.statistics()).toEqual({
        borrowedTokens: 2,
        totalTokens: 2,
        borrowers: [a, b],
        tasksWaiting: 0,
      });
      limiter.releaseOnBehalfOf(a);
      expect(() => limiter.releaseOnBehalfOf(a)).toThrow(ReleaseError);
      expect(limiter.availableTokens).toBe(1);
    });
  });

  test.each([undefined, null, "a", 1, true])(
    "does not lend on behalf of %j, which has no identity (CL-2)",
    (borrower) => {
      const limiter = new CapacityLimiter(1);
      const somebody = borrower as unknown as object;
      const calls = [
        () => limiter.acquireOnBehalfOf(somebody),
        () => limiter.acquireOnBehalfOfNowait(somebody),
        () => limiter.releaseOnBehalfOf(somebody),
      ];
      for (const call of calls) expect(call).toThrow(ArgumentError);
      expect(limiter.borrowedTokens).toBe(0);
    },
  );

  test("lends to whoever waits on behalf of others before later ones (CL-3, T215)", async () => {
    const { run } = virtualRun();
    const limiter = new CapacityLimiter(1);
    const [a, b] = [{}, {}];
    await run(() =>
      openNursery(function* (nursery) {
        yield* limiter.acquireOnBehalfOf(a);
        nursery.startSoon(() => limiter.acquireOnBehalfOf(b));
        yield* checkpoint();
        limiter.releaseOnBehalfOf(a);
        expect(limiter.statistics().borrowers).toEqual([b]);
        expect(() => limiter.acquireOnBehalfOfNowait(a)).toThrow(WouldBlock);
        expect(() => limiter.acquireOnBehalfOfNowait(b)).toThrow(RelockError);
      }),
    );
  });

  test("tells who borrows: tasks and objects (CL-6)", async () => {
    const { run } = virtualRun();
    const limiter = new CapacityLimiter(3);
    const connection = {};
    await run(function* () {
      limiter.acquireNowait();
      limiter.acquireOnBehalfOfNowait(connection);
      expect(limiter.statistics().borrowers).toEqual([currentTask(), connection]);
      limiter.release();
    });
    limiter.releaseOnBehalfOf(connection);
    expect(limiter.statistics().borrowers).toEqual([]);
  });

  test("lets all who wait in when it is unlimited, and limits again afterwards (CL-1, T216)", async () => {
    const { run, trace, log } = virtualRun();
    const limiter = new CapacityLimiter(0);
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b", "c"]) {
          nursery.startSoon(() =>
            limiter.hold(function* () {
              log(name);
              yield* sleep(10);
            }),
          );
        }
        yield* sleep(5);
        limiter.totalTokens = Infinity;
        expect(limiter.availableTokens).toBe(Infinity);
        limiter.totalTokens = 0;
        expect(limiter.availableTokens).toBe(-3);
        yield* sleep(20);
        expect(() => limiter.acquireNowait()).toThrow(WouldBlock);
      }),
    );
    expect(trace.entries).toEqual([
      [5, "a"],
      [5, "b"],
      [5, "c"],
    ]);
  });

  test("says in reports how many tokens are out", async () => {
    const { run } = virtualRun();
    const limiter = new CapacityLimiter(0);
    await expect(run(() => limiter.acquire())).rejects.toThrow(
      /waits for a token of a limiter \(0 of 0 are out\)/,
    );
  });

  test("refuses a borrower that asks twice while it waits: it gets one token", async () => {
    const { run } = virtualRun();
    const limiter = new CapacityLimiter(1);
    const borrower = {};
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        yield* limiter.acquire();
        nursery.startSoon(() => limiter.acquireOnBehalfOf(borrower));
        nursery.startSoon(() => limiter.acquireOnBehalfOf(borrower));
        yield* checkpoint();
        limiter.totalTokens = 5;
      });
    const errors = await groupedErrorsOf(run(main));
    expect(errors).toEqual([expect.any(RelockError)]);
  });

  test("hands a token to the one who has waited longest, who owns it at once (CL-4, SYN-3, T215)", async () => {
    const { run } = virtualRun();
    const limiter = new CapacityLimiter(1);
    await run(() =>
      openNursery(function* (nursery) {
        yield* limiter.acquire();
        nursery.startSoon(() => limiter.hold(() => sleep(10)));
        yield* checkpoint();
        limiter.release();
        expect(() => limiter.acquireNowait()).toThrow(WouldBlock);
        expect(limiter.statistics().tasksWaiting).toBe(0);
      }),
    );
  });

  test("lets waiting tasks in at once when it grows, and nobody when it is still over-borrowed (CL-1, T216)", async () => {
    const { run, trace, log } = virtualRun();
    const limiter = new CapacityLimiter(1);
    const work = function* (name: string, ms: number): Operation<void> {
      yield* limiter.hold(function* () {
        log(name);
        yield* sleep(ms);
      });
    };
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(work, "a", 20);
        nursery.startSoon(work, "b", 30);
        nursery.startSoon(work, "c", 40);
        nursery.startSoon(work, "d", 10);
        yield* sleep(10);
        limiter.totalTokens += 2;
        expect(limiter.borrowedTokens).toBe(3);
        limiter.totalTokens -= 2;
        expect(limiter.availableTokens).toBe(-2);
      }),
    );
    expect(trace.entries).toEqual([
      [0, "a"],
      [10, "b"],
      [10, "c"],
      [50, "d"],
    ]);
  });

  test("without tokens lets nobody in until it has some (CL-1, T217)", async () => {
    const { run, trace, log } = virtualRun();
    const limiter = new CapacityLimiter(0);
    await run(() =>
      openNursery(function* (nursery) {
        const impatient = yield* moveOnAfter(5, () => limiter.acquire());
        expect(impatient.cancelledCaught).toBe(true);
        for (const name of ["a", "b"]) {
          nursery.startSoon(() =>
            limiter.hold(function* () {
              log(name);
              yield* sleep(10);
            }),
          );
        }
        yield* sleep(5);
        limiter.totalTokens = 1;
      }),
    );
    expect(trace.entries).toEqual([
      [10, "a"],
      [20, "b"],
    ]);
  });

  test("keeps nothing of a waiter that was cancelled (CL-7, T218)", async () => {
    const { run } = virtualRun();
    const limiter = new CapacityLimiter(1);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => limiter.hold(() => sleep(20)));
        yield* checkpoint();
        yield* moveOnAfter(10, () => limiter.acquire());
        expect(limiter.statistics()).toMatchObject({ borrowedTokens: 1, tasksWaiting: 0 });
        yield* limiter.acquire();
        limiter.release();
      }),
    );
    expect(limiter.borrowedTokens).toBe(0);
  });

  test("keeps the token of a task that has ended with it (CL-8)", async () => {
    const { run } = virtualRun();
    const limiter = new CapacityLimiter(1);
    await run(() => limiter.acquire());
    expect(limiter.borrowedTokens).toBe(1);
  });
});
