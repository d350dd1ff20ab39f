import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  checkpoint,
  ContextVar,
  NoRunError,
  openNursery,
  sleep,
  UnsetVariableError,
  type Operation,
  type TaskStatus,
} from "../src/index.js";
import { virtualRun } from "./virtual-run.js";

describe("a context variable", () => {
  test("has its default where it is not set, outside of tasks too", async () => {
    const { run } = virtualRun();
    const variable = new ContextVar("id", { defaultValue: "none" });
    expect(variable.get()).toBe("none");
    await expect(
      run(function* () {
        return variable.get();
      }),
    ).resolves.toBe("none");
  });

  test("may have undefined for a default, and is an error without one", () => {
    expect(new ContextVar("id", { defaultValue: undefined }).get()).toBeUndefined();
    expect(() => new ContextVar("id").get()).toThrow(UnsetVariableError);
  });

  test("is set for its task, and copied by those that the task starts afterwards (CTX-1, T88)", async () => {
    const { run } = virtualRun();
    const variable = new ContextVar("id", { defaultValue: "none" });
    const seen: string[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        const child = function* (name: string): Operation<void> {
          seen.push(`${name} starts with ${variable.get()}`);
          variable.set(name);
          yield* sleep(10);
          seen.push(`${name} ends with ${variable.get()}`);
        };
        nursery.startSoon(child, "a");
        variable.set("main's");
        nursery.startSoon(child, "b");
        variable.set("main's second");
        yield* sleep(5);
        seen.push(`main has ${variable.get()}`);
      }),
    );
    expect(seen).toEqual([
      "a starts with none",
      "b starts with main's",
      "main has main's second",
      "a ends with a",
      "b ends with b",
    ]);
  });

  test("is copied from whoever starts the task, not from the owner of the nursery (CTX-2, START-17)", async () => {
    const { run } = virtualRun();
    const variable = new ContextVar("id", { defaultValue: "none" });
    const seen: string[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          variable.set("the starter's");
          nursery.startSoon(function* () {
            seen.push(variable.get());
          });
          yield* nursery.start(function* (status: TaskStatus) {
            seen.push(variable.get());
            status.started();
          });
        });
      }),
    );
    expect(seen).toEqual(["the starter's", "the starter's"]);
  });

  test("is set for the child by a plain function that makes its operation, and not for the starter", async () => {
    const { run } = virtualRun();
    const variable = new ContextVar("id", { defaultValue: "none" });
    const look = function* (): Operation<string> {
      yield* checkpoint();
      return variable.get();
    };
    const seen = await run(() =>
      openNursery(function* (nursery) {
        const child = nursery.startSoon(() => {
          variable.set("the child's");
          return look();
        });
        return [variable.get(), yield* child.join()];
      }),
    );
    expect(seen).toEqual(["none", "the child's"]);
  });

  test("keeps one task's value across another's turn (T88)", async () => {
    const { run } = virtualRun();
    const variable = new ContextVar<number>("id");
    const keep = function* (value: number): Operation<boolean> {
      for (let i = 0; i < 3; i++) {
        variable.set(value + i);
        yield* checkpoint();
        if (variable.get() !== value + i) return false;
      }
      return true;
    };
    const kept = await run(() =>
      openNursery(function* (nursery) {
        const tasks = [nursery.startSoon(keep, 10), nursery.startSoon(keep, 20)];
        const results: boolean[] = [];
        for (const task of tasks) results.push(yield* task.join());
        return results;
      }),
    );
    expect(kept).toEqual([true, true]);
  });

  test("is put back by the token of a set, once", async () => {
    const { run } = virtualRun();
    const variable = new ContextVar("id", { defaultValue: "none" });
    await run(function* () {
      const first = variable.set("first");
      const second = variable.set("second");
      variable.reset(second);
      expect(variable.get()).toBe("first");
      variable.reset(first);
      expect(variable.get()).toBe("none");
      expect(() => variable.reset(first)).toThrow(
        "Cannot reset the variable: the token has been used.",
      );
      const other = new ContextVar("other").set("value");
      expect(() => variable.reset(other)).toThrow(
        "Cannot reset the variable: the token is that of another variable.",
      );
    });
  });

  test("is set by tasks only", () => {
    expect(() => new ContextVar("id").set(1)).toThrow(NoRunError);
    expect(() => new ContextVar("id").set(1)).toThrow(
      "Cannot set the variable 'id': no structured task is running here.",
    );
  });

  test("has a name", () => {
    expect(new ContextVar("id").name).toBe("id");
    expect(() => new ContextVar(undefined as unknown as string)).toThrow(ArgumentError);
  });
});
