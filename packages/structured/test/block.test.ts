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
