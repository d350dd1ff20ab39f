import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  checkpoint,
  fromPromise,
  NoRunError,
  openNursery,
  RunVar,
  sleep,
  UnsetVariableError,
  type Operation,
} from "../../src/index.js";
import { currentHost, currentRunToken, spawnSystemTask } from "../../src/lowlevel.js";
import type { RunVarToken } from "../../src/run/run-variable.js";
import { virtualRun } from "../virtual-run.js";

describe("a run variable", () => {
  test("has one value for all tasks of the run (RV-1, T240)", async () => {
    const { run } = virtualRun();
    const variable = new RunVar<string>("pool");
    const seen: string[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        variable.set("main's");
        nursery.startSoon(function* () {
          seen.push(variable.get());
          variable.set("the child's");
        });
        spawnSystemTask(function* () {
          seen.push(variable.get());
        });
        yield* sleep(1);
        seen.push(variable.get());
      }),
    );
    expect(seen).toEqual(["main's", "the child's", "the child's"]);
  });

  test("begins anew in each run, also in one that goes on beside it or inside of it (RUN-4)", async () => {
    const { run } = virtualRun();
    const variable = new RunVar("count", { defaultValue: 0 });
    const count = function* (): Operation<number> {
      variable.set(variable.get() + 1);
      yield* checkpoint();
      return variable.get();
    };
    await expect(Promise.all([run(count), run(count)])).resolves.toEqual([1, 1]);
    const nested = run(function* () {
      variable.set(5);
      const inner = yield* fromPromise(run(count));
      return [inner, variable.get()];
    });
    await expect(nested).resolves.toEqual([1, 5]);
  });

  test("gives the fallback before the default, and is an error without either", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const withDefault = new RunVar("a", { defaultValue: "default" });
      expect([withDefault.get(), withDefault.get("fallback")]).toEqual(["default", "fallback"]);
      withDefault.set("set");
      expect(withDefault.get("fallback")).toBe("set");
      const without = new RunVar<string | undefined>("b");
      expect(() => without.get()).toThrow(UnsetVariableError);
      expect(without.get(undefined)).toBeUndefined();
    });
  });

  test("is put back by its tokens", async () => {
    const { run } = virtualRun();
    await run(function* () {
      const variable = new RunVar<number | undefined>("a");
      const first = variable.set(1);
      const second = variable.set(undefined);
      expect(variable.get()).toBeUndefined();
      variable.reset(second);
      expect(variable.get()).toBe(1);
      variable.reset(first);
      expect(() => variable.get()).toThrow(UnsetVariableError);
    });
  });

  test("refuses tokens that are used, another variable's, another run's, or none (T240)", async () => {
    const { run } = virtualRun();
    const variable = new RunVar<number>("a");
    const token = await run(function* () {
      const used = variable.set(1);
      variable.reset(used);
      expect(() => variable.reset(used)).toThrow("the token has been used");
      const others = new RunVar<number>("b").set(1);
      expect(() => variable.reset(others)).toThrow("the token is that of another variable");
      const none = undefined as unknown as RunVarToken;
      expect(() => variable.reset(none)).toThrow("the token is undefined");
      return variable.set(2);
    });
    await run(function* () {
      expect(() => variable.reset(token)).toThrow(ArgumentError);
      expect(() => variable.reset(token)).toThrow("the token is that of another run");
    });
  });

  test("is nowhere outside of a run, with a default neither", () => {
    const variable = new RunVar("a", { defaultValue: 1 });
    expect(() => variable.get()).toThrow(NoRunError);
    expect(() => variable.set(1)).toThrow(NoRunError);
    expect(() => variable.reset({} as RunVarToken)).toThrow(NoRunError);
  });

  test("is there in calls from outside, and in the callbacks of the run's own host (RV-2)", async () => {
    const { run } = virtualRun();
    const variable = new RunVar<string>("a");
    const seen: string[] = [];
    await run(function* () {
      variable.set("value");
      currentRunToken().runSoon(() => seen.push(variable.get()));
      const host = currentHost();
      host.soon(() => seen.push(variable.get()));
      host.at(host.now() + 1, () => seen.push(variable.get()));
      yield* sleep(2);
    });
    expect(seen).toEqual(["value", "value", "value"]);
  });

  test("has a name that is a string", () => {
    expect(() => new RunVar(5 as unknown as string)).toThrow(ArgumentError);
  });
});
