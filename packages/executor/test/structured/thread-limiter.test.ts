import { success, type Outcome } from "@trestle/host";
import { CapacityLimiter, checkpoint, run, type Operation } from "@trestle/structured";
import { describe, expect, test } from "vitest";
import {
  currentDefaultThreadLimiter,
  HeldToken,
  LimiterOfRun,
} from "../../src/structured/thread-limiter.js";

describe("the limiter of a run", () => {
  test("is one for each run, with four tokens at least (T178, THR-2)", async () => {
    const seen = new Set<CapacityLimiter>();
    for (let round = 0; round < 2; round++) {
      await run(function* () {
        yield* checkpoint();
        seen.add(currentDefaultThreadLimiter());
        seen.add(currentDefaultThreadLimiter());
      });
    }
    expect(seen.size).toBe(2);
    for (const { totalTokens } of seen) expect(totalTokens).toBeGreaterThanOrEqual(4);
  });
});

describe("a token that is held already", () => {
  test("is there at once, and given back once", () => {
    const log: string[] = [];
    const token = new HeldToken(() => log.push("release"));
    expect(token.isTaken).toBe(false);
    const outcomes: unknown[] = [];
    token.acquire()((outcome) => outcomes.push(outcome));
    expect([token.isTaken, outcomes]).toEqual([true, [success()]]);
    token.release();
    token.release();
    expect(log).toEqual(["release"]);
  });
});

describe("a limiter for jobs that no task submits", () => {
  function* rounds(): Operation<void> {
    for (let round = 0; round < 10; round++) yield* checkpoint();
  }

  test("takes a token at once, or in the line of those who wait", () =>
    run(function* () {
      const capacity = new CapacityLimiter(1);
      const limiter = new LimiterOfRun(capacity);
      const [a, b] = [{}, {}];
      const log: string[] = [];
      const note = (name: string) => (outcome: Outcome<void>) =>
        void log.push(`${name} ${outcome.ok}`);
      limiter.acquire(a)(note("a"));
      limiter.acquire(b)(note("b"));
      yield* rounds();
      expect([log, capacity.statistics().tasksWaiting]).toEqual([["a true"], 1]);
      limiter.release(a);
      yield* rounds();
      expect(log).toEqual(["a true", "b true"]);
      limiter.release(b);
      expect(capacity.borrowedTokens).toBe(0);
    }));

  test("withdrawn, it leaves the line, also where the token is on its way", () =>
    run(function* () {
      const capacity = new CapacityLimiter(1);
      const limiter = new LimiterOfRun(capacity);
      const [a, b, c] = [{}, {}, {}];
      limiter.acquire(a)(() => {});
      const abortB = limiter.acquire(b)(() => expect.unreachable());
      const abortC = limiter.acquire(c)(() => expect.unreachable());
      yield* rounds();
      expect(abortB("enough")).toBe("withdrawn");
      limiter.release(a);
      expect(abortC("enough")).toBe("withdrawn");
      yield* rounds();
      expect(capacity.statistics()).toMatchObject({ borrowedTokens: 0, tasksWaiting: 0 });
    }));

  test("an error of a limiter of one's own is the job's", () =>
    run(function* () {
      const limiter = new LimiterOfRun({
        *acquireOnBehalfOf(): Operation<void> {
          yield* checkpoint();
          throw new Error("no tokens");
        },
        releaseOnBehalfOf: () => {},
      });
      const outcomes: unknown[] = [];
      limiter.acquire({})((outcome) => outcomes.push(outcome));
      yield* rounds();
      expect(outcomes).toEqual([{ ok: false, error: new Error("no tokens") }]);
    }));
});
