import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BlockReusedError,
  CancelScope,
  checkpoint,
  moveOnAfter,
  openNursery,
  sleep,
  type Operation,
} from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

describe("a block form", () => {
  test("runs its body when it is run, not when it is made", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const block = openNursery(function* () {
        log("the body");
      });
      log("made");
      yield* block;
    });
    expect(trace.messages).toEqual(["made", "the body"]);
  });

  test("can be run once, and says so, also to a second task", async () => {
    const { run } = virtualRun();
    const seen: unknown[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        const block = moveOnAfter(10, () => sleep(5));
        const use = function* (): Operation<void> {
          try {
            yield* block;
          } catch (error) {
            seen.push(error);
          }
        };
        nursery.startSoon(use);
        nursery.startSoon(use);
        yield* sleep(20);
        yield* use();
      }),
    );
    expect(seen).toEqual([expect.any(BlockReusedError), expect.any(BlockReusedError)]);
  });

  test("takes a body that is a plain function of an operation, and one that is a generator function", async () => {
    const { run } = virtualRun();
    const values = await run(function* () {
      const plain = yield* openNursery(() => checkpoint());
      const generator = yield* openNursery(function* () {
        return 42;
      });
      return [plain, generator];
    });
    expect(values).toEqual([undefined, 42]);
  });

  test("leaves in order what it has entered, when the body throws as it is called", async () => {
    const { run } = virtualRun();
    const error = new Error("before there is an operation");
    const scope = new CancelScope();
    const main = function* (): Operation<void> {
      try {
        yield* scope.run(() => {
          throw error;
        });
      } finally {
        yield* checkpoint();
      }
    };
    await expect(rejectionOf(run(main))).resolves.toBe(error);
  });

  test.each([
    ["undefined", undefined],
    ["an async function", async () => {}],
    ["a plain value", () => 5],
    ["an array", () => []],
  ])("refuses a body that is no structured function: %s", async (_name, body) => {
    const { run, host } = virtualRun();
    const main = function* (): Operation<unknown> {
      try {
        return yield* openNursery(body as unknown as () => Operation<void>);
      } finally {
        yield* sleep(10);
      }
    };
    const error = (await rejectionOf(run(main))) as AggregateError;
    expect(error.errors).toEqual([expect.any(WrongFlavorError)]);
    expect(host.now()).toBe(10);
  });

  test("does not begin an async body", async () => {
    const { run, trace, log } = virtualRun();
    const body = async (): Promise<void> => log("began");
    await expect(
      run(() => moveOnAfter(10, body as unknown as () => Operation<void>)),
    ).rejects.toThrow(
      "Cannot enter a cancel scope with body (async function): it belongs to the loop flavor.",
    );
    expect(trace.messages).toEqual([]);
  });

  test("passes a foreign yield's error into its body, at that yield", async () => {
    const { run, trace, log } = virtualRun();
    const body = function* (): Generator<unknown, void> {
      try {
        yield Promise.resolve();
      } catch (error) {
        log((error as Error).name);
      }
    };
    await run(() => openNursery(() => moveOnAfter(10, body as () => Operation<void>)));
    expect(trace.messages).toEqual(["WrongFlavorError"]);
  });
});

describe("blocks within blocks", () => {
  const deep = function* (levels: number, innermost: () => Operation<unknown>): Operation<void> {
    if (levels === 0) yield* innermost();
    else yield* new CancelScope().run(() => deep(levels - 1, innermost));
  };

  test("may be thousands, are cancelled and left one by one (SCOPE-11, T94)", async () => {
    const { run } = virtualRun();
    const outermost = new CancelScope();
    const { cancelledCaught } = await run(() =>
      outermost.run(() =>
        deep(50_000, function* () {
          outermost.cancel();
          yield* sleep(10);
        }),
      ),
    );
    expect(cancelledCaught).toBe(true);
  });

  test("may be thousands of nurseries, with an error through all of them", async () => {
    const { run } = virtualRun();
    const error = new Error("at the bottom");
    const nest = function* (levels: number): Operation<void> {
      yield* checkpoint();
      if (levels === 0) throw error;
      yield* openNursery(() => nest(levels - 1));
    };
    let thrown: unknown = await rejectionOf(run(() => nest(5000)));
    let levels = 0;
    for (; thrown instanceof AggregateError; levels++) [thrown] = thrown.errors as unknown[];
    expect(thrown).toBe(error);
    expect(levels).toBe(5000);
  });

  test("give their values outwards, whether their bodies wait or not", async () => {
    const { run } = virtualRun();
    const sum = function* (levels: number): Operation<number> {
      if (levels % 3 === 0) yield* checkpoint();
      if (levels === 0) return 0;
      return levels + (yield* openNursery(() => sum(levels - 1)));
    };
    expect(await run(() => sum(1000))).toBe(500_500);
  });

  test("pass a foreign yield's error into the innermost body, also after that has waited", async () => {
    const { run, trace, log } = virtualRun();
    const body = function* (): Generator<unknown, void> {
      yield* sleep(1) as unknown as Iterable<unknown>;
      try {
        yield 5;
      } catch (error) {
        log((error as Error).name);
      }
      yield* sleep(1) as unknown as Iterable<unknown>;
      log("on it goes");
    };
    await run(() => openNursery(() => moveOnAfter(10, body as () => Operation<void>)));
    expect(trace.entries).toEqual([
      [1, "WrongFlavorError"],
      [2, "on it goes"],
    ]);
  });
});
