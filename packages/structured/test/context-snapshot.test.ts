import { describe, expect, test } from "vitest";
import { checkpoint, ContextVar, NoRunError, openNursery } from "../src/index.js";
import {
  carryContext,
  contextSnapshot,
  enterContext,
  type ContextSnapshot,
} from "../src/lowlevel.js";
import { virtualRun } from "./virtual-run.js";

const variable = new ContextVar("id", { defaultValue: "none" });

describe("a snapshot of the context variables", () => {
  test("has the values of its moment, and can be entered by another task, for it and its children", async () => {
    const { run } = virtualRun();
    const seen: string[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        let snapshot: ContextSnapshot | undefined;
        nursery.startSoon(function* () {
          variable.set("a's");
          snapshot = contextSnapshot();
          variable.set("a's second");
        });
        yield* checkpoint();
        yield* checkpoint();
        nursery.startSoon(function* () {
          variable.set("b's");
          enterContext(snapshot);
          seen.push(variable.get());
          nursery.startSoon(function* () {
            seen.push(variable.get());
          });
        });
        yield* checkpoint();
        seen.push(variable.get());
      }),
    );
    expect(seen).toEqual(["a's", "none", "a's"]);
  });

  test("is one and the same until a variable is set", async () => {
    const { run } = virtualRun();
    await run(function* () {
      variable.set("first");
      const snapshot = contextSnapshot();
      yield* checkpoint();
      expect(contextSnapshot()).toBe(snapshot);
      variable.set("second");
      expect(contextSnapshot()).not.toBe(snapshot);
      enterContext(undefined);
      expect(variable.get()).toBe("none");
    });
  });

  test("cannot be entered outside of a task", () => {
    expect(() => enterContext(undefined)).toThrow(NoRunError);
  });
});

describe("what is carried", () => {
  test("is what variables have outside of tasks, and nothing in them", async () => {
    const { run } = virtualRun();
    let snapshot: ContextSnapshot | undefined;
    await run(function* () {
      variable.set("carried");
      snapshot = contextSnapshot();
    });
    carryContext(() => snapshot);
    try {
      expect(variable.get()).toBe("carried");
      expect(contextSnapshot()).toBe(snapshot);
      await run(function* () {
        expect(variable.get()).toBe("none");
      });
    } finally {
      carryContext(() => undefined);
    }
    expect(variable.get()).toBe("none");
  });
});
