import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  isCancelled,
  moveOnAfter,
  NoRunError,
  openNursery,
  type Operation,
  type Task,
} from "../../src/index.js";
import { LinkedList } from "../../src/linked-list.js";
import { Waiter, type Waitable } from "../../src/sync/waiter.js";
import { virtualRun } from "../virtual-run.js";

/** Something with a line, of which each part can be told what to do. */
class Counter implements Waitable<string, string> {
  readonly line = new LinkedList<Waiter<string, string>>();
  free: boolean;
  isCommitted?: (waiter: Waiter<string, string>) => boolean;

  constructor(free: boolean) {
    this.free = free;
  }

  take(subject: string): Waiter<string, string> {
    return new Waiter<string, string>(this, subject);
  }

  awaited(): string {
    return "a counter";
  }

  attempt(waiter: Waiter<string, string>): boolean {
    if (!this.free) return waiter.enqueue(this.line);
    waiter.result = `at once: ${waiter.subject}`;
    return true;
  }
}

describe("what one waits for", () => {
  test("is tried first; a success takes a round all the same", async () => {
    const { run, trace, log } = virtualRun();
    const counter = new Counter(true);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          log("the other task");
        });
        log(yield* counter.take("a"));
      }),
    );
    expect(trace.messages).toEqual(["the other task", "at once: a"]);
  });

  test("is not even tried by a task that is cancelled: nothing has happened then (CKPT-9)", async () => {
    const { run } = virtualRun();
    const counter = new Counter(true);
    let tried = 0;
    const attempt = counter.attempt.bind(counter);
    counter.attempt = (waiter) => {
      tried++;
      return attempt(waiter);
    };
    const result = await run(() => moveOnAfter(0, () => counter.take("a")));
    expect(result.cancelledCaught).toBe(true);
    expect(tried).toBe(0);
  });

  test("that was given at once is kept, though a cancel comes in the same round (CKPT-9)", async () => {
    const { run } = virtualRun();
    const counter = new Counter(true);
    const scope = new CancelScope();
    const result = await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          scope.cancel();
        });
        return yield* scope.run(() => counter.take("a"));
      }),
    );
    expect(result.value).toBe("at once: a");
  });

  test("is waited for in line, and ends with a value or an error", async () => {
    const { run, trace, log } = virtualRun();
    const counter = new Counter(false);
    const wait = function* (name: string): Operation<void> {
      try {
        log(`${name} has ${yield* counter.take(name)}`);
      } catch (error) {
        log(`${name} has ${(error as Error).message}`);
      }
    };
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(wait, "a");
        nursery.startSoon(wait, "b");
        yield* checkpoint();
        expect(counter.line.size).toBe(2);
        counter.line.first?.fail(new Error("an error"));
        counter.line.first?.succeed("a value");
        expect(counter.line.size).toBe(0);
      }),
    );
    expect(trace.messages).toEqual(["a has an error", "b has a value"]);
  });

  test("loses the one who is cancelled from the middle of the line (LK-5, T130)", async () => {
    const { run } = virtualRun();
    const counter = new Counter(false);
    await run(() =>
      openNursery(function* (nursery) {
        const tasks = ["a", "b", "c"].map((name) => nursery.startSoon(() => counter.take(name)));
        yield* checkpoint();
        tasks[1]?.cancel();
        const names: string[] = [];
        for (let waiter = counter.line.first; waiter !== null; waiter = waiter.after)
          names.push(waiter.subject);
        expect(names).toEqual(["a", "c"]);
        nursery.cancelScope.cancel();
      }),
    );
  });

  test("may be moved to another line, and leaves that one then (T131)", async () => {
    const { run } = virtualRun();
    const [from, to] = [new Counter(false), new Counter(false)];
    await run(() =>
      openNursery(function* (nursery) {
        const tasks = ["a", "b"].map((name) => nursery.startSoon(() => from.take(name)));
        yield* checkpoint();
        for (let i = 0; i < 2; i++) from.line.first?.moveTo(to.line);
        expect([from.line.size, to.line.size]).toEqual([0, 2]);
        tasks[0]?.cancel();
        expect(to.line.size).toBe(1);
        to.line.first?.succeed("moved");
        expect(yield* (tasks[1] as Task<string>).join()).toBe("moved");
      }),
    );
  });

  test("is not given up where it is too late for that: a cancellation waits for the next checkpoint", async () => {
    const { run, trace, log } = virtualRun();
    const counter = new Counter(false);
    counter.isCommitted = ({ subject }) => subject === "committed";
    const wait = function* (subject: string): Operation<void> {
      log(`${subject} has ${yield* counter.take(subject)}`);
      yield* checkpoint();
      log("not reached");
    };
    await run(() =>
      openNursery(function* (nursery) {
        for (const subject of ["committed", "free"]) nursery.startSoon(wait, subject);
        yield* checkpoint();
        nursery.cancelScope.cancel();
        expect(counter.line.size).toBe(1);
        counter.line.first?.succeed("it all the same");
      }),
    );
    expect(trace.messages).toEqual(["committed has it all the same"]);
  });

  test("throws at once what the attempt throws, and the task goes on", async () => {
    const { run } = virtualRun();
    const counter = new Counter(true);
    counter.attempt = () => {
      throw new Error("broken");
    };
    const caught = await run(function* () {
      try {
        yield* counter.take("a");
      } catch (error) {
        yield* checkpoint();
        return error;
      }
      return undefined;
    });
    expect((caught as Error).message).toBe("broken");
  });

  test("may be waited for with one operation, by many at once and again", async () => {
    const { run } = virtualRun();
    const counter = new Counter(false);
    await run(() =>
      openNursery(function* (nursery) {
        const taking = counter.take("same");
        const tasks = [nursery.startSoon(() => taking), nursery.startSoon(() => taking)];
        yield* checkpoint();
        counter.line.first?.succeed("first");
        counter.line.first?.succeed("second");
        const values: string[] = [];
        for (const task of tasks) values.push(yield* task.join());
        expect(values).toEqual(["first", "second"]);
        counter.free = true;
        expect(yield* taking).toBe("at once: same");
      }),
    );
  });

  test("can be waited for again after a cancellation", async () => {
    const { run } = virtualRun();
    const counter = new Counter(false);
    const taking = counter.take("a");
    const seen: unknown[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        yield* moveOnAfter(10, function* () {
          try {
            yield* taking;
          } catch (error) {
            seen.push(isCancelled(error));
            throw error;
          }
        });
        const task = nursery.startSoon(() => taking);
        yield* checkpoint();
        counter.line.first?.succeed("value");
        seen.push(yield* task.join());
      }),
    );
    expect(seen).toEqual([true, "value"]);
  });

  test("needs a task, and says what for", () => {
    expect(() => new Counter(true).take("a").next()).toThrow(NoRunError);
    expect(() => new Counter(true).take("a").next()).toThrow(
      /^Cannot wait for a counter: no structured task/,
    );
  });
});
