import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  currentTime,
  moveOnAfter,
  openNursery,
  ScopeReusedError,
  sleep,
  sleepForever,
} from "../src/index.js";
import { suspend } from "../src/suspend.js";
import { virtualRun } from "./virtual-run.js";

describe("a new scope", () => {
  test.each([
    ["two deadlines", { deadline: 10, relativeDeadline: 10 }],
    ["a deadline that is NaN", { deadline: Number.NaN }],
    ["a relative deadline that is NaN", { relativeDeadline: Number.NaN }],
    ["a negative relative deadline", { relativeDeadline: -1 }],
    ["a deadline that is no number", { deadline: "10" as unknown as number }],
    ["a shield that is no boolean", { shield: 1 as unknown as boolean }],
  ])("refuses %s (SCOPE-1, T18)", (_name, options) => {
    expect(() => new CancelScope(options)).toThrow(ArgumentError);
  });

  test("refuses the same by assignment, and stays as it was (T18, T23)", () => {
    const scope = new CancelScope({ shield: true });
    expect(() => (scope.deadline = Number.NaN)).toThrow(ArgumentError);
    expect(() => (scope.relativeDeadline = -1)).toThrow(ArgumentError);
    expect(() => (scope.shield = "no" as unknown as boolean)).toThrow(ArgumentError);
    expect([scope.deadline, scope.relativeDeadline, scope.shield]).toEqual([
      Infinity,
      Infinity,
      true,
    ]);
  });

  test("takes an instant that has passed, and is cancelled at its entry (SCOPE-1, SCOPE-5)", async () => {
    const { run } = virtualRun();
    const seen: boolean[] = [];
    const scope = new CancelScope({ deadline: -1000 });
    const result = await run(() =>
      scope.run(function* (inside) {
        seen.push(inside.cancelCalled);
        yield* checkpoint();
      }),
    );
    expect(seen).toEqual([true]);
    expect(result.cancelledCaught).toBe(true);
  });

  test("lets only the kind of deadline that it was given be used before its entry (SCOPE-4, T234)", () => {
    const relative = new CancelScope({ relativeDeadline: 10 });
    expect(relative.relativeDeadline).toBe(10);
    expect(() => relative.deadline).toThrow(ArgumentError);
    expect(() => (relative.deadline = 5)).toThrow(
      "Cannot use 'deadline' of a CancelScope that has not been entered and has a 'relativeDeadline'.",
    );
    const absolute = new CancelScope({ deadline: 10 });
    expect(absolute.deadline).toBe(10);
    expect(() => absolute.relativeDeadline).toThrow(ArgumentError);
    expect(() => (absolute.relativeDeadline = 5)).toThrow(ArgumentError);
  });

  test("takes either kind where it was given none (SCOPE-4, T18)", async () => {
    const { run, host } = virtualRun();
    const relative = new CancelScope();
    relative.relativeDeadline = 10;
    const absolute = new CancelScope();
    absolute.deadline = 15;
    await run(function* () {
      yield* relative.run(() => sleepForever());
      yield* absolute.run(() => sleepForever());
    });
    expect(host.now()).toBe(15);
  });

  test("may be cancelled and shielded before its entry (SCOPE-3, T31)", async () => {
    const { run } = virtualRun();
    const cancelled = new CancelScope();
    cancelled.cancel();
    const shielded = new CancelScope();
    shielded.shield = true;
    const values = await run(function* () {
      const first = yield* cancelled.run(() => checkpoint());
      const outer = new CancelScope();
      outer.cancel();
      const second = yield* outer.run(() =>
        shielded.run(function* () {
          yield* checkpoint();
          return "behind its shield";
        }),
      );
      return [first.cancelledCaught, second.value?.value];
    });
    expect(values).toEqual([true, "behind its shield"]);
  });

  test("says that it is overdue before its entry, once and for all (SCOPE-15, T31)", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const scope = new CancelScope({ deadline: 10 });
      expect(scope.cancelCalled).toBe(false);
      yield* sleep(10);
      expect(scope.cancelCalled).toBe(true);
      scope.deadline = 100;
      expect(scope.cancelCalled).toBe(true);
    });
  });
});

describe("a scope", () => {
  test("gives the value of its body, and gets out of the way (SCOPE-25)", async () => {
    const { run } = virtualRun();
    const result = await run(() =>
      new CancelScope().run(
        function* (scope, a: number, b: number) {
          yield* checkpoint();
          expect(scope.cancelCalled).toBe(false);
          return a + b;
        },
        1,
        2,
      ),
    );
    expect(result).toEqual({ cancelledCaught: false, value: 3 });
  });

  test("is entered once (SCOPE-2, T31)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope({ name: "mine" });
    await run(function* () {
      yield* scope.run(function* () {
        expect(() => scope.run(checkpoint)[Symbol.iterator]().next()).toThrow(ScopeReusedError);
        yield* checkpoint();
      });
      expect(() => scope.run(checkpoint)[Symbol.iterator]().next()).toThrow(
        "Cannot enter the CancelScope 'mine': it has been entered before.",
      );
    });
  });

  test("is not entered by a second task either (SCOPE-2, T31)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    const seen: unknown[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => scope.run(() => sleep(10)));
        nursery.startSoon(function* () {
          try {
            yield* scope.run(() => sleep(10));
          } catch (error) {
            seen.push(error);
          }
        });
      }),
    );
    expect(seen).toEqual([expect.any(ScopeReusedError)]);
  });

  test("can be cancelled from a plain callback (SCOPE-7)", async () => {
    const { run, host } = virtualRun();
    const scope = new CancelScope();
    host.at(7, () => scope.cancel());
    const result = await run(() => scope.run(() => sleepForever()));
    expect(result.cancelledCaught).toBe(true);
    expect(host.now()).toBe(7);
  });

  test("remembers a cancel that comes after it was left, and does nothing else (SCOPE-7, T31)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    await run(function* () {
      yield* scope.run(() => checkpoint());
      scope.cancel();
      yield* checkpoint();
    });
    expect(scope.cancelCalled).toBe(true);
    expect(scope.cancelledCaught).toBe(false);
  });

  test("may be cancelled twice, and both waits in it throw (SCOPE-7, T20)", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope();
    await run(() =>
      scope.run(function* () {
        scope.cancel();
        scope.cancel();
        for (const name of ["first", "second"]) {
          try {
            yield* sleep(10);
          } catch {
            log(name);
          }
        }
      }),
    );
    expect(trace.entries).toEqual([
      [0, "first"],
      [0, "second"],
    ]);
    expect([scope.cancelCalled, scope.cancelledCaught]).toEqual([true, false]);
  });

  test("may be extended, and its body has the whole of it (T89, ours)", async () => {
    class Budget extends CancelScope {
      left = 3;

      spend(): void {
        this.left--;
        if (this.left === 0) this.cancel("spent");
      }
    }
    const { run, trace, log } = virtualRun();
    const result = await run(() =>
      new Budget({ name: "budget" }).run(function* (budget) {
        for (;;) {
          log(`${budget.left} left`);
          budget.spend();
          yield* checkpoint();
        }
      }),
    );
    expect(trace.messages).toEqual(["3 left", "2 left", "1 left"]);
    expect(result.cancelledCaught).toBe(true);
  });

  test("does not throw where it cancels itself (SCOPE-8)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    const result = await run(() =>
      scope.run(function* () {
        scope.cancel();
        return "reached the end";
      }),
    );
    expect(result.value).toBe("reached the end");
    expect([scope.cancelCalled, scope.cancelledCaught]).toEqual([true, false]);
  });

  test("aborts all that wait inside it, within the call of cancel (SCOPE-11)", async () => {
    const { run, trace, log } = virtualRun();
    const wait = (name: string) =>
      suspend(
        () => () => {
          log(`${name} aborted`);
          return "withdrawn";
        },
        name,
      );
    const shielded = new CancelScope({ shield: true });
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => wait("a"));
        nursery.startSoon(() => openNursery(() => wait("b")));
        nursery.startSoon(() => shielded.run(() => wait("c")));
        yield* sleep(10);
        log("cancel");
        nursery.cancelScope.cancel();
        log("unshield");
        shielded.shield = false;
        log("end");
      }),
    );
    expect(trace.messages).toEqual([
      "cancel",
      "a aborted",
      "b aborted",
      "unshield",
      "c aborted",
      "end",
    ]);
  });
});

describe("a deadline", () => {
  test("counts from the entry where it is relative, and can be read both ways then (TIME-4, T233)", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const scope = new CancelScope({ relativeDeadline: 10 });
      yield* sleep(5);
      yield* scope.run(function* () {
        expect([scope.deadline, scope.relativeDeadline]).toEqual([15, 10]);
        yield* sleep(4);
        expect([scope.deadline, scope.relativeDeadline]).toEqual([15, 6]);
        scope.relativeDeadline = 100;
        expect(scope.deadline).toBe(109);
      });
    });
  });

  test("comes at its instant, also at a fraction: never early, and on virtual time never late (TIME-6, T39)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        for (const ms of [0.25, 10, 0.5, 3_600_000, 0]) {
          nursery.startSoon(function* () {
            const { cancelledCaught } = yield* moveOnAfter(ms, sleepForever);
            log(`${ms}: ${cancelledCaught}`);
          });
        }
      }),
    );
    expect(trace.entries).toEqual([
      [0, "0: true"],
      [0.25, "0.25: true"],
      [0.5, "0.5: true"],
      [10, "10: true"],
      [3_600_000, "3600000: true"],
    ]);
  });

  test("can be moved to and fro, and counts as it is in the end (SCOPE-14, T26)", async () => {
    const { run, host, trace, log } = virtualRun();
    const scope = new CancelScope({ deadline: 100 });
    for (const [at, deadline] of [
      [10, 20],
      [15, 200],
      [50, 60],
      [55, Infinity],
      [150, 160],
    ] as const) {
      host.at(at, () => {
        scope.deadline = deadline;
      });
    }
    await run(() =>
      scope.run(function* () {
        try {
          yield* sleepForever();
        } finally {
          log("cancelled");
        }
      }),
    );
    expect(trace.entries).toEqual([[160, "cancelled"]]);
  });

  test("can be moved later, and away (SCOPE-14, T26)", async () => {
    const { run, host } = virtualRun();
    const result = await run(() =>
      moveOnAfter(10, function* (scope) {
        yield* sleep(5);
        scope.deadline = 20;
        yield* sleep(10);
        scope.deadline = Infinity;
        yield* sleep(100);
        return "in time";
      }),
    );
    expect(result.value).toBe("in time");
    expect(host.now()).toBe(115);
  });

  test("can be moved to the past, which cancels at the next checkpoint (SCOPE-14, T26)", async () => {
    const { run, host } = virtualRun();
    const result = await run(() =>
      moveOnAfter(1000, function* (scope) {
        yield* sleep(5);
        scope.deadline = currentTime() - 1;
        yield* sleep(100);
      }),
    );
    expect(result.cancelledCaught).toBe(true);
    expect(host.now()).toBe(5);
  });

  test("can be moved by a plain callback while everybody sleeps (GUEST-6, T119)", async () => {
    const { run, host } = virtualRun();
    const scope = new CancelScope({ relativeDeadline: 1000 });
    host.at(5, () => {
      scope.deadline = 10;
    });
    const result = await run(() => scope.run(() => sleepForever()));
    expect(result.cancelledCaught).toBe(true);
    expect(host.now()).toBe(10);
  });

  test("never takes a cancellation back (SCOPE-14)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope({ deadline: 0 });
    const result = await run(() =>
      scope.run(function* () {
        scope.deadline = Infinity;
        yield* checkpoint();
      }),
    );
    expect(result.cancelledCaught).toBe(true);
  });

  test("that has passed shows in cancelCalled before any checkpoint (SCOPE-15)", async () => {
    const { run, host } = virtualRun();
    await run(() =>
      moveOnAfter(10, function* (scope) {
        scope.deadline = host.now();
        expect(scope.cancelCalled).toBe(true);
      }),
    );
  });

  test("that has passed cancels nobody once the scope is left (SCOPE-34, T26)", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope({ relativeDeadline: 10 });
    await run(function* () {
      yield* scope.run(() => sleep(5));
      yield* sleep(100);
    });
    expect([scope.cancelCalled, scope.cancelledCaught]).toEqual([false, false]);
  });

  test("may be rewritten thousands of times (SCOPE-33, T95)", async () => {
    const { run, host } = virtualRun();
    await run(() =>
      moveOnAfter(1, function* (scope) {
        for (let i = 0; i < 4000; i++) scope.deadline = 100 + (i % 7);
        yield* sleepForever();
      }),
    );
    expect(host.now()).toBe(100 + (3999 % 7));
  });
});

describe("the text of a scope (SCOPE-18, T17)", () => {
  test("tells how it stands, from before its entry to after its end", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope({ name: "fetch", relativeDeadline: 10 });
    log(String(scope));
    await run(() =>
      scope.run(function* () {
        log(String(scope));
        yield* sleep(4);
        log(String(scope));
        scope.shield = true;
        log(String(scope));
        scope.deadline = 1;
        log(String(scope));
        scope.deadline = Infinity;
        log(String(scope));
        scope.cancel();
        log(String(scope));
      }),
    );
    log(String(scope));
    expect(trace.messages).toEqual([
      "cancel scope 'fetch' (new, 10 ms from its entry on)",
      "cancel scope 'fetch' (entered, 10 ms left)",
      "cancel scope 'fetch' (entered, 6 ms left)",
      "cancel scope 'fetch' (entered, shielded, 6 ms left)",
      "cancel scope 'fetch' (entered, shielded, 3 ms too late)",
      "cancel scope 'fetch' (entered, shielded)",
      "cancel scope 'fetch' (entered, shielded, cancelled)",
      "cancel scope 'fetch' (left, shielded, cancelled)",
    ]);
  });

  test("tells the time that is left only where there is a clock, and changes nothing", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope({ deadline: 5 });
    expect(String(scope)).toBe("cancel scope (new)");
    const texts = await run(function* () {
      const before = String(scope);
      yield* sleep(8);
      return [before, String(scope)];
    });
    expect(texts).toEqual(["cancel scope (new, 5 ms left)", "cancel scope (new, 3 ms too late)"]);
    expect(scope.cancelCalled).toBe(false);
  });
});
