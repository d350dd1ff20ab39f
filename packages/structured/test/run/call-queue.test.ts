import { ArgumentError, success, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  ContextVar,
  currentTask,
  isCancelled,
  named,
  openNursery,
  RunCrashedError,
  RunFinishedError,
  sleep,
  sleepForever,
  type Task,
} from "../../src/index.js";
import { currentRunToken, spawnSystemTask, type RunToken } from "../../src/lowlevel.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

const defect = new Error("the callback broke");

describe("a call from outside", () => {
  test("runs soon, and not inside of `runSoon` (TOK-2, T54)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      currentRunToken().runSoon(log, "called");
      log("queued");
      yield* checkpoint();
      log("main goes on");
    });
    expect(trace.messages).toEqual(["queued", "called", "main goes on"]);
  });

  test("wakes a run that has nothing to do", async () => {
    const { run, host, trace, log } = virtualRun();
    await run(function* () {
      const scope = new CancelScope();
      const token = currentRunToken();
      host.at(10, () => token.runSoon(() => scope.cancel()));
      yield* scope.run(sleepForever);
      log("woken");
    });
    expect(trace.entries).toEqual([[10, "woken"]]);
  });

  test("comes in the order of the calls (TOK-3, TOK-5, T60, T62)", async () => {
    const { run } = virtualRun();
    const seen: number[] = [];
    const numbers = Array.from({ length: 1000 }, (_, i) => i);
    await run(function* () {
      const token = currentRunToken();
      for (const i of numbers) token.runSoon((n) => seen.push(n), i);
      yield* checkpoint();
      expect(seen).toEqual(numbers);
    });
  });

  test("is one pass of calls in each round, so one that queues itself starves nobody (TOK-4, T61)", async () => {
    const { run, trace, log } = virtualRun();
    let refusal: unknown;
    await run(function* () {
      const token = currentRunToken();
      const again = (): void => {
        log("call");
        try {
          token.runSoon(again);
        } catch (error) {
          refusal = error;
        }
      };
      token.runSoon(again);
      for (let i = 1; i <= 3; i++) {
        yield* checkpoint();
        log(`main ${i}`);
      }
    });
    expect(trace.messages.slice(0, 6)).toEqual([
      "call",
      "main 1",
      "call",
      "main 2",
      "call",
      "main 3",
    ]);
    expect(trace.messages.slice(6)).toEqual(["call"]);
    expect(refusal).toBeInstanceOf(RunFinishedError);
  });

  test("is code of the run: it starts tasks, and has a task of the run's own (RUN-22)", async () => {
    const { run, trace, log } = virtualRun();
    const tasks = new Set<Task<unknown>>();
    await run(() =>
      openNursery(function* (nursery) {
        const main = currentTask();
        const token = currentRunToken();
        token.runSoon(() => {
          tasks.add(currentTask());
          nursery.startSoon(function* () {
            yield* sleep(1);
            log("child");
          });
          spawnSystemTask(function* () {
            log("system task");
          });
        });
        token.runSoon(() => tasks.add(currentTask()));
        yield* sleep(5);
        expect(tasks.size).toBe(1);
        expect(tasks.has(main)).toBe(false);
      }),
    );
    expect(trace.entries).toEqual([
      [0, "system task"],
      [1, "child"],
    ]);
  });

  test("has the variables that `run` was called with, and keeps none for the next (CTX-3)", async () => {
    const { run } = virtualRun();
    const variable = new ContextVar("id", { defaultValue: "none" });
    const seen: string[] = [];
    await run(function* () {
      variable.set("main's");
      const token = currentRunToken();
      token.runSoon(() => {
        seen.push(variable.get());
        variable.set("the call's");
      });
      token.runSoon(() => seen.push(variable.get()));
      yield* checkpoint();
    });
    expect(seen).toEqual(["none", "none"]);
  });

  test("goes into the run of its token, from wherever it is made", async () => {
    const { run, trace, log } = virtualRun();
    const tokens: RunToken[] = [];
    const each = (name: string) =>
      named(name, function* () {
        tokens.push(currentRunToken());
        yield* sleep(1);
        for (const token of tokens) token.runSoon(() => log(`${name} called`));
        yield* sleep(1);
        log(`${name} ends`);
      });
    await Promise.all([run(each("a")), run(each("b"))]);
    expect(trace.messages.toSorted()).toEqual([
      "a called",
      "a called",
      "a ends",
      "b called",
      "b called",
      "b ends",
    ]);
  });
});

describe("a merged call", () => {
  test("is made once, where equal ones wait: the same function, the same arguments (TOK-3, T56)", async () => {
    const { run } = virtualRun();
    const seen: string[] = [];
    const see = (text: string, i: number): void => void seen.push(`${text}${i}`);
    await run(function* () {
      const token = currentRunToken();
      token.runSoon(see, "plain", 0);
      for (let round = 0; round < 3; round++) {
        for (let i = 0; i < 100; i++) token.runSoonOnce(see, "merged", i);
      }
      token.runSoon(see, "merged", 0);
      yield* checkpoint();
    });
    const merged = Array.from({ length: 100 }, (_, i) => `merged${i}`);
    expect(seen).toEqual(["plain0", ...merged, "merged0"]);
  });

  test("may be queued again once it has begun (T57)", async () => {
    const { run } = virtualRun();
    let calls = 0;
    await run(function* () {
      const token = currentRunToken();
      const again = (): void => {
        if (++calls < 3) token.runSoonOnce(again);
      };
      token.runSoonOnce(again);
      for (let i = 0; i < 5; i++) yield* checkpoint();
    });
    expect(calls).toBe(3);
  });

  test("that waits in the pass that has begun is still merged with", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const token = currentRunToken();
      token.runSoon(() => token.runSoonOnce(log, "merged"));
      token.runSoonOnce(log, "merged");
      for (let i = 0; i < 3; i++) yield* checkpoint();
    });
    expect(trace.messages).toEqual(["merged"]);
  });
});

describe("the end of the run", () => {
  test("does what was accepted, also where main has failed meanwhile (RUN-10, T58)", async () => {
    const { run, trace, log } = virtualRun();
    const mains = new Error("main's own");
    const error = await rejectionOf(
      run(function* () {
        currentRunToken().runSoon(log, "called");
        throw mains;
      }),
    );
    expect(error).toBe(mains);
    expect(trace.messages).toEqual(["called"]);
  });

  test("accepts calls while the system tasks unwind", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const token = currentRunToken();
      spawnSystemTask(function* () {
        try {
          yield* sleepForever();
        } finally {
          yield* new CancelScope({ shield: true }).run(() => sleep(5));
          token.runSoon(log, "called");
        }
      });
      yield* sleep(1);
    });
    log("the run has ended");
    expect(trace.entries).toEqual([
      [6, "called"],
      [6, "the run has ended"],
    ]);
  });

  test("refuses what comes afterwards (RUN-11, TOK-7, T55)", async () => {
    const { run } = virtualRun();
    const token = await run(function* () {
      return currentRunToken();
    });
    const late = (): void => {};
    expect(() => token.runSoon(late)).toThrow(RunFinishedError);
    expect(() => token.runSoonOnce(late)).toThrow(
      "Cannot run 'late' soon: the run of 'main' has ended.",
    );
  });
});

describe("a call that fails", () => {
  test("cancels everything and is the error of the run; later calls run all the same (TOK-6, T59)", async () => {
    const { run, trace, log } = virtualRun();
    let wasCancelled = false;
    const error = await rejectionOf(
      run(function* () {
        const token = currentRunToken();
        token.runSoon(function notify() {
          throw defect;
        });
        token.runSoon(log, "later");
        try {
          yield* sleepForever();
        } catch (cancelled) {
          wasCancelled = isCancelled(cancelled);
          throw cancelled;
        }
      }),
    );
    expect(error).toBeInstanceOf(RunCrashedError);
    expect((error as RunCrashedError).cause).toBe(defect);
    expect((error as Error).message).toContain("the callback 'notify' of 'runSoon' failed");
    expect(wasCancelled).toBe(true);
    expect(trace.messages).toEqual(["later"]);
  });

  test("does so after main and the system tasks have ended, too (T63)", async () => {
    const { run, trace, log } = virtualRun();
    const error = await rejectionOf(
      run(function* () {
        const token = currentRunToken();
        spawnSystemTask(function* () {
          try {
            yield* sleepForever();
          } finally {
            token.runSoon(() => {
              throw defect;
            });
            token.runSoon(log, "later");
          }
        });
        yield* sleep(1);
        return "main's value";
      }),
    );
    expect((error as RunCrashedError).cause).toBe(defect);
    expect((error as RunCrashedError).mainOutcome).toEqual(success("main's value"));
    expect(trace.messages).toEqual(["later"]);
  });

  test("fails because it returned an operation, which nobody runs", async () => {
    const { run } = virtualRun();
    const error = await rejectionOf(
      run(function* () {
        currentRunToken().runSoon(() => sleep(1));
        yield* sleepForever();
      }),
    );
    expect((error as RunCrashedError).cause).toBeInstanceOf(WrongFlavorError);
  });
});

describe("what is no plain function", () => {
  test("is refused at the call, with what is meant", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const token = currentRunToken();
      const soon = (fn: unknown) => () => token.runSoon(fn as () => void);
      expect(soon("log")).toThrow(ArgumentError);
      expect(soon(async () => {})).toThrow(WrongFlavorError);
      expect(soon(function* work() {})).toThrow(
        "Cannot run work (generator function) soon: a plain function is wanted, which returns at once.\n" +
          "Start work as a task: 'token.runSoon(() => nursery.startSoon(fn))', with 'spawnSystemTask' where there is no nursery.",
      );
    });
  });
});
