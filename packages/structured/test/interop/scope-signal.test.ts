import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  isCancelled,
  moveOnAfter,
  NoRunError,
  openNursery,
  scopeSignal,
  sleep,
  sleepForever,
  type Cancelled,
  type Operation,
  type TaskStatus,
} from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

describe("scopeSignal", () => {
  test("is aborted by the scope's cancel, at once, with a Cancelled that has the reason", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope();
    let signal: AbortSignal | undefined;
    await run(() =>
      scope.run(function* () {
        signal = scopeSignal();
        signal.addEventListener("abort", () => log("aborted"));
        expect(signal.aborted).toBe(false);
        scope.cancel("enough");
        log("cancelled");
      }),
    );
    expect(trace.messages).toEqual(["aborted", "cancelled"]);
    const reason = signal?.reason as Cancelled;
    expect(isCancelled(reason)).toBe(true);
    expect(reason.cause).toMatchObject({ kind: "explicit", reason: "enough", scope });
  });

  test("is one for each scope, by whichever way it is asked for", async () => {
    const { run } = virtualRun();
    await run(() =>
      new CancelScope().run(function* (outer) {
        const signal = scopeSignal();
        expect(scopeSignal()).toBe(signal);
        expect(scopeSignal(outer)).toBe(signal);
        yield* new CancelScope().run(function* (inner) {
          expect(scopeSignal(outer)).toBe(signal);
          expect(scopeSignal()).toBe(scopeSignal(inner));
          expect(scopeSignal()).not.toBe(signal);
        });
        expect(scopeSignal()).toBe(signal);
      }),
    );
  });

  test("is aborted by a deadline, when it comes", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      moveOnAfter(10, function* () {
        const signal = scopeSignal();
        signal.addEventListener("abort", () =>
          log(`aborted: ${(signal.reason as Cancelled).cause.kind}`),
        );
        yield* sleep(20);
      }),
    );
    expect(trace.entries).toEqual([[10, "aborted: deadline"]]);
  });

  test("is aborted by a scope further out, whose reason it has", async () => {
    const { run } = virtualRun();
    const outer = new CancelScope();
    await run(() =>
      outer.run(() =>
        new CancelScope().run(function* () {
          const signal = scopeSignal();
          outer.cancel("from outside");
          expect((signal.reason as Cancelled).cause).toMatchObject({
            reason: "from outside",
            scope: outer,
          });
        }),
      ),
    );
  });

  test("is aborted from the beginning where the scope was cancelled before", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    scope.cancel("early");
    await run(() =>
      scope.run(function* () {
        expect(scopeSignal().aborted).toBe(true);
        expect((scopeSignal().reason as Cancelled).cause.reason).toBe("early");
        expect(scopeSignal(scope)).toBe(scopeSignal());
      }),
    );
  });

  test("is kept from a cancellation outside by a shield, until the shield goes", async () => {
    const { run, trace, log } = virtualRun();
    const outer = new CancelScope();
    await run(() =>
      outer.run(() =>
        new CancelScope({ shield: true }).run(function* (inner) {
          const signal = scopeSignal();
          signal.addEventListener("abort", () => log("aborted"));
          const outside = scopeSignal(outer);
          outer.cancel();
          expect([signal.aborted, outside.aborted]).toEqual([false, true]);
          log("the shield goes");
          inner.shield = false;
          expect(signal.aborted).toBe(true);
          inner.shield = true;
          expect(signal.aborted).toBe(true);
        }),
      ),
    );
    expect(trace.messages).toEqual(["the shield goes", "aborted"]);
  });

  test("is never aborted once the block has been left without a cancellation", async () => {
    const { run } = virtualRun();
    const outer = new CancelScope();
    const inner = new CancelScope();
    const signals: AbortSignal[] = [];
    await run(() =>
      outer.run(function* () {
        yield* inner.run(function* () {
          signals.push(scopeSignal(), scopeSignal(outer));
        });
        inner.cancel();
        outer.cancel();
      }),
    );
    outer.cancel();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  });

  test("may cancel others from its listeners, and the scope again", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    const other = new CancelScope();
    await run(() =>
      other.run(() =>
        scope.run(function* () {
          scopeSignal().addEventListener("abort", () => {
            scope.cancel("again");
            other.cancel("with it");
          });
          scope.cancel("first");
          expect((scopeSignal().reason as Cancelled).cause.reason).toBe("first");
          yield* sleep(10);
        }),
      ),
    );
    expect([other.cancelledCaught, scope.cancelledCaught]).toEqual([true, false]);
  });

  test("wants a task, or a scope that has been entered", () => {
    expect(() => scopeSignal()).toThrow(NoRunError);
    expect(() => scopeSignal({} as CancelScope)).toThrow(ArgumentError);
    expect(() => scopeSignal(new CancelScope())).toThrow(
      "Cannot give the signal of a scope that has not been entered.\nAsk for it inside of the scope's block.",
    );
  });
});

describe("the signal of a child that has opened no scope", () => {
  test("is aborted with its nursery", async () => {
    const { run } = virtualRun();
    let signal: AbortSignal | undefined;
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          signal = scopeSignal();
          expect(scopeSignal()).toBe(signal);
          yield* sleep(100);
        });
        yield* sleep(10);
        expect(signal?.aborted).toBe(false);
        nursery.cancelScope.cancel("the nursery");
        expect(signal).toMatchObject({ reason: { cause: { reason: "the nursery" } } });
      }),
    );
  });

  test("is never aborted once the child has ended", async () => {
    const { run } = virtualRun();
    let signal: AbortSignal | undefined;
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          signal = scopeSignal();
        });
        yield* sleep(10);
        nursery.cancelScope.cancel();
      }),
    );
    expect(signal?.aborted).toBe(false);
  });

  test("moves with a child that reports that it has started", async () => {
    const { run } = virtualRun();
    const signals: AbortSignal[] = [];
    function* server(status: TaskStatus): Operation<void> {
      signals.push(scopeSignal());
      status.started();
      signals.push(scopeSignal());
      yield* sleep(100);
    }
    await run(() =>
      openNursery(function* (nursery) {
        yield* moveOnAfter(10, function* (scope) {
          yield* nursery.start(server);
          scope.cancel();
        });
        expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
        nursery.cancelScope.cancel();
        expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
      }),
    );
  });

  test("is that of the run, for main", async () => {
    const { run } = virtualRun();
    let signal: AbortSignal | undefined;
    await run(function* () {
      signal = scopeSignal();
      yield* sleep(10);
    });
    expect(signal?.aborted).toBe(false);
    const stuck = run(function* () {
      signal = scopeSignal();
      yield* sleep(Number.POSITIVE_INFINITY);
    });
    const error = await rejectionOf(stuck);
    const reason = signal?.reason as Cancelled;
    expect(reason.cause).toMatchObject({ kind: "deadlock", reason: error });
  });
});

test("the signal of a child that has opened no scope is aborted when the child alone is cancelled", async () => {
  const { run, host } = virtualRun();
  const signals: AbortSignal[] = [];
  await run(() =>
    openNursery(function* (nursery) {
      const task = nursery.startSoon(function* () {
        signals.push(scopeSignal());
        yield* sleepForever();
      });
      yield* sleep(5);
      expect(signals[0]?.aborted).toBe(false);
      task.cancel("enough");
      expect(signals[0]?.aborted).toBe(true);
      const reason = signals[0]?.reason as Cancelled;
      expect(reason.cause.reason).toBe("enough");
    }),
  );
  expect(host.now()).toBe(5);
});
