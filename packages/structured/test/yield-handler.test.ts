import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  fromPromise,
  moveOnAfter,
  openNursery,
  sleep,
  type Operation,
} from "../src/index.js";
import { acceptYields, suspend } from "../src/lowlevel.js";
import { yieldHandler, type YieldHandler } from "../src/yield-handler.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

type Loose = () => Generator<unknown, unknown>;

/** A handler by which a number is a sleep, and its value the double of it. */
const sleeps: YieldHandler = (value) => (typeof value === "number" ? nap(value) : undefined);

function* nap(ms: number): Operation<number> {
  yield* sleep(ms);
  return ms * 2;
}

/** A body that may yield anything, as TypeScript would not have it. */
const loose = (body: Loose): (() => Operation<unknown>) => body as () => Operation<unknown>;
const inside = (body: Loose): (() => Operation<unknown>) => {
  const fn = loose(body);
  return () => acceptYields(sleeps, fn);
};

describe("a yielded value that a handler takes", () => {
  test("is what the operation gives, at that yield, as often as it comes", async () => {
    const { run, log, trace } = virtualRun();
    await run(
      inside(function* () {
        for (const ms of [5, 10]) log(String(yield ms));
        yield* sleep(1);
        log(String(yield 20));
      }),
    );
    expect(trace.entries).toEqual([
      [5, "10"],
      [15, "20"],
      [36, "40"],
    ]);
  });

  test("throws the operation's error at that yield, and the body goes on", async () => {
    const { run, log, trace } = virtualRun();
    const failing: YieldHandler = (value) =>
      suspend<never>((resume) => {
        resume({ ok: false, error: new Error(String(value)) });
        return () => "committed";
      }, "a failure");
    const body = loose(function* () {
      for (const name of ["one", "two"]) {
        try {
          yield name;
        } catch (error) {
          log((error as Error).message);
        }
      }
      return "the end";
    });
    expect(await run(() => acceptYields(failing, body))).toBe("the end");
    expect(trace.messages).toEqual(["one", "two"]);
  });

  test("throws what the handler itself throws at that yield", async () => {
    const { run } = virtualRun();
    const error = new Error("of the handler");
    const broken: YieldHandler = () => {
      throw error;
    };
    let cleaned = false;
    const body = loose(function* () {
      try {
        yield 1;
      } finally {
        cleaned = true;
      }
    });
    expect(await rejectionOf(run(() => acceptYields(broken, body)))).toBe(error);
    expect(cleaned).toBe(true);
  });

  test("is cancelled there, like any other wait", async () => {
    const { run, log, trace } = virtualRun();
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(
        10,
        inside(function* () {
          try {
            yield 100;
          } finally {
            log("unwound");
          }
        }),
      );
      log(String(cancelledCaught));
    });
    expect(trace.entries).toEqual([
      [10, "unwound"],
      [10, "true"],
    ]);
  });

  test("may be the first thing that a block does, and the next, and the last", async () => {
    const { run, log, trace } = virtualRun();
    const body: Loose = function* () {
      yield 1;
      yield 2;
      yield* sleep(3);
      return yield 4;
    };
    await run(
      inside(function* () {
        const result = yield* new CancelScope().run(loose(body));
        log(JSON.stringify(result));
      }),
    );
    expect(trace.entries).toEqual([[10, '{"cancelledCaught":false,"value":8}']]);
  });

  test("ends a block whose body fails by it", async () => {
    const { run } = virtualRun();
    const error = new Error("of the promise");
    const promises: YieldHandler = (value) => fromPromise(value as Promise<unknown>);
    const body = loose(function* () {
      yield Promise.reject(error);
    });
    expect(
      await rejectionOf(run(() => acceptYields(promises, () => new CancelScope().run(body)))),
    ).toBe(error);
  });

  test("works in ten thousand scopes within each other, which begin with one", async () => {
    const { run } = virtualRun();
    let deepest = 0;
    const deeper = (depth: number): Loose =>
      function* () {
        deepest = Math.max(deepest, depth);
        if (depth === 10_000) return;
        yield 0;
        yield* new CancelScope().run(loose(deeper(depth + 1)));
      };
    await run(inside(deeper(0)));
    expect(deepest).toBe(10_000);
  });
});

describe("a handler", () => {
  test("holds for tasks that are started inside, and for none that are started outside", async () => {
    const { run, log, trace } = virtualRun();
    const child = (name: string): (() => Operation<unknown>) =>
      loose(function* () {
        try {
          yield 5;
          log(`${name} slept`);
        } catch (error) {
          log(`${name}: ${(error as Error).name}`);
        }
      });
    await run(() =>
      openNursery(function* (nursery) {
        yield* acceptYields(sleeps, function* () {
          nursery.startSoon(child("inside"));
        });
        nursery.startSoon(child("outside"));
      }),
    );
    expect(trace.messages).toEqual(["outside: WrongFlavorError", "inside slept"]);
  });

  test("ends with its function, also when that fails", async () => {
    const { run, log, trace } = virtualRun();
    await run(function* () {
      for (const fails of [false, true]) {
        try {
          yield* acceptYields(sleeps, function* () {
            if (fails) throw new Error("of the function");
          });
        } catch {
          log("failed");
        }
        expect(yieldHandler.get()).toBeUndefined();
      }
    });
    expect(trace.messages).toEqual(["failed"]);
  });

  test("is asked before one further out, which is asked again afterwards", async () => {
    const { run, log, trace } = virtualRun();
    const says =
      (text: string): YieldHandler =>
      () =>
        answer(text);
    const body = loose(function* () {
      log(String(yield));
      const inner = loose(function* () {
        log(String(yield));
      });
      yield* acceptYields(says("inner"), inner);
      log(String(yield));
    });
    await run(() => acceptYields(says("outer"), body));
    expect(trace.messages).toEqual(["outer", "inner", "outer"]);
  });

  test("leaves what it does not know to be refused, and takes the next", async () => {
    const { run, log, trace } = virtualRun();
    const attempt: Loose = function* () {
      try {
        yield "five";
      } catch (error) {
        log((error as Error).name);
      }
      log(String(yield 5));
    };
    await run(
      inside(function* () {
        yield* attempt();
        // Once more where a block begins with it.
        yield* new CancelScope().run(loose(attempt));
      }),
    );
    expect(trace.entries).toEqual([
      [0, "WrongFlavorError"],
      [5, "10"],
      [5, "WrongFlavorError"],
      [10, "10"],
    ]);
  });

  test("whose operation yields something foreign itself is told so there", async () => {
    const { run, log, trace } = virtualRun();
    const careless: YieldHandler = () =>
      loose(function* () {
        try {
          yield "what";
        } catch (error) {
          log((error as Error).name);
        }
        yield* checkpoint();
        return "mended";
      })();
    const body = loose(function* () {
      return yield 1;
    });
    expect(await run(() => acceptYields(careless, body))).toBe("mended");
    expect(trace.messages).toEqual(["WrongFlavorError"]);
  });
});

function* answer(text: string): Operation<string> {
  yield* checkpoint();
  return text;
}
