import { describe, expect, test } from "vitest";
import { CancelNode } from "../src/cancel-node.js";
import {
  CancelScope,
  currentTask,
  named,
  openNursery,
  sleep,
  sleepForever,
  type Operation,
  type Task,
} from "../src/index.js";
import { nodeOf } from "../src/cancel-scope.js";
import { blockedUnder, tasksUnder } from "../src/task-tree.js";
import { virtualRun } from "./virtual-run.js";

const sleeper = (name: string) => named(name, sleepForever);

/** A small tree of tasks, and what a look at it from a scope in the middle gives. */
async function lookAt<T>(look: (outer: CancelScope, inner: CancelScope) => T): Promise<T> {
  const { run } = virtualRun();
  const [outer, inner] = [new CancelScope(), new CancelScope()];
  const owner = named("owner", () =>
    inner.run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(sleeper("deep a"));
        nursery.startSoon(sleeper("deep b"));
      }),
    ),
  );
  const main = function* (): Operation<T | undefined> {
    const { value } = yield* outer.run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(sleeper("first"));
        nursery.startSoon(owner);
        nursery.startSoon(sleeper("last"));
        yield* sleep(1);
        const seen = look(outer, inner);
        nursery.cancelScope.cancel();
        return seen;
      }),
    );
    return value;
  };
  return run(named("main", main)) as Promise<T>;
}

describe("the tasks under a scope", () => {
  test("are those whose innermost scope is it or one below, in the order of the tree (TASK-5)", async () => {
    const names = (tasks: readonly Task<unknown>[]): string[] => tasks.map(({ name }) => name);
    const [all, some] = await lookAt((outer, inner) => [
      names(tasksUnder(nodeOf(outer))),
      names(tasksUnder(nodeOf(inner))),
    ]);
    expect(all).toEqual(["main", "first", "last", "owner", "deep a", "deep b"]);
    expect(some).toEqual(["owner", "deep a", "deep b"]);
  });

  test("are none under a scope that nobody has entered", () => {
    expect(tasksUnder(new CancelNode())).toEqual([]);
  });
});

describe("what is blocked under a scope", () => {
  test("has a line for each that is parked, with what it waits for; who runs has none", async () => {
    const lines = await lookAt((outer) => blockedUnder(nodeOf(outer)));
    expect(lines).toEqual([
      "task 'first' waits for its cancellation (it sleeps for ever)",
      "task 'last' waits for its cancellation (it sleeps for ever)",
      "task 'owner' waits for the end of its nursery (2 children left)",
      "task 'deep a' waits for its cancellation (it sleeps for ever)",
      "task 'deep b' waits for its cancellation (it sleeps for ever)",
    ]);
  });

  test("is cut when it is a long list", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    let lines: readonly string[] = [];
    await run(() =>
      scope.run(() =>
        openNursery(function* (nursery) {
          for (let i = 1; i <= 25; i++) nursery.startSoon(sleeper(`${i}`));
          yield* sleep(1);
          expect(currentTask().name).toBe("main");
          lines = blockedUnder(nodeOf(scope));
          nursery.cancelScope.cancel();
        }),
      ),
    );
    expect(lines).toHaveLength(21);
    expect(lines.at(-2)).toMatch(/^task '20' /);
    expect(lines.at(-1)).toBe("and 5 more");
  });
});
