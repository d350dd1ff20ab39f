import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  CancelScope,
  checkpoint,
  Lock,
  openNursery,
  ScopeLeftOpenError,
  sleep,
  sleepForever,
  tracePlaces,
  type Operation,
  type Task,
} from "../src/index.js";
import { caughtBy } from "./caught-by.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

/** Whoever drives a block by hand gets it back in the middle of this body. */
function* pausing(): Generator<unknown, void> {
  yield "in the middle";
}

function openByHand(scope: CancelScope): void {
  scope
    .run(pausing as () => Operation<void>)
    [Symbol.iterator]()
    .next();
}

/** The names of the functions in a stack, from the innermost on. */
function namesIn(lines: string | undefined): string[] {
  return [...(lines ?? "").matchAll(/at (?:Object\.)?(\w+) \(/gu)].map(([, name = ""]) => name);
}

describe("a scope that was left open", () => {
  test("is reported with the places where it was opened, and where its task waited last (TRAP-14)", async () => {
    const { run } = virtualRun();
    function* opener(): Operation<void> {
      openByHand(new CancelScope({ name: "requests" }));
      yield* restAWhile();
    }
    function* restAWhile(): Operation<void> {
      yield* checkpoint();
    }
    const error = (await rejectionOf(
      run(opener, { instruments: [tracePlaces()] }),
    )) as ScopeLeftOpenError;
    expect(error).toBeInstanceOf(ScopeLeftOpenError);
    expect(namesIn(error.openedAt)).toEqual(["openByHand", "opener"]);
    expect(namesIn(error.leftAt)).toEqual(["restAWhile", "opener"]);
    expect(error.openedAt).toMatch(/^at openByHand \(.*trace-places\.test\.ts\S*:\d+:\d+\)\n/u);
    const indented = (lines = ""): string => lines.replaceAll(/^/gmu, "  ");
    expect(error.message).toBe(
      "Cannot end task 'opener' properly: it left scope 'requests' open.\n" +
        `It was opened\n${indented(error.openedAt)}\n` +
        `and its task waited last\n${indented(error.leftAt)}\n` +
        "Run operations by 'yield*' only; do not call 'next' on them.",
    );
  });

  test("names what it is, and how to see the places, where nobody traces them", async () => {
    const { run } = virtualRun();
    const main = function* main(): Operation<void> {
      openNursery(() => sleepForever())
        [Symbol.iterator]()
        .next();
    };
    const error = (await rejectionOf(run(main))) as ScopeLeftOpenError;
    expect([error.openedAt, error.leftAt]).toEqual([undefined, undefined]);
    expect(error.message).toBe(
      "Cannot end task 'main' properly: it left a nursery open.\n" +
        "To see where, run it with 'instruments: [tracePlaces()]'.\n" +
        "Run operations by 'yield*' only; do not call 'next' on them.",
    );
  });
});

describe("a lock whose holder has died", () => {
  /** Starts tasks that take the lock and end one after the other, and gives the last error of an `acquire`. */
  function* afterwards(
    lock: Lock,
    ...holders: ((lock: Lock) => Operation<void>)[]
  ): Operation<Error> {
    return yield* openNursery(function* (nursery) {
      const tasks: Task<void>[] = holders.map((holder) => nursery.startSoon(holder, lock));
      for (const task of tasks) yield* task.join();
      return (yield* caughtBy(() => lock.acquire())) as Error;
    });
  }

  test("is reported with the places where it was acquired, and where the holder waited last", async () => {
    const { run } = virtualRun();
    function* forgetful(lock: Lock): Operation<void> {
      yield* lock.acquire();
      yield* rest();
    }
    const rest = function* rest(): Operation<void> {
      yield* sleep(5);
    };
    const error = await run(() => afterwards(new Lock(), forgetful), {
      instruments: [tracePlaces()],
    });
    expect(error).toBeInstanceOf(BrokenResourceError);
    expect(error.message.split("\n").map((line) => line.replace(/ \(.*\)/u, ""))).toEqual([
      "Cannot acquire the lock: task 'forgetful' ended while it held it.",
      "It was acquired",
      "  at forgetful",
      "and its task waited last",
      "  at rest",
      "  at forgetful",
      "Use 'lock.hold', which always releases.",
    ]);
  });

  test("was acquired where its holder waited for it, or took it at once", async () => {
    const { run } = virtualRun();
    function* releases(lock: Lock): Operation<void> {
      lock.acquireNowait();
      yield* sleep(5);
      lock.release();
    }
    function* inherits(lock: Lock): Operation<void> {
      yield* lock.acquire();
    }
    const takes = function* takes(lock: Lock): Operation<void> {
      yield* sleep(1);
      lock.acquireNowait();
    };
    const options = { instruments: [tracePlaces()] };
    const inherited = await run(() => afterwards(new Lock(), releases, inherits), options);
    expect(inherited.message).toMatch(/It was acquired\n {2}at inherits \(/u);
    const taken = await run(() => afterwards(new Lock(), takes), options);
    expect(taken.message).toMatch(/It was acquired\n {2}at takes \(/u);
  });
});
