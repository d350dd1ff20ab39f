// Looking at the tree of tasks: from a task up to main, and from main down to everybody.
import { expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  currentTask,
  named,
  openNursery,
  sleep,
  sleepForever,
  type Nursery,
  type Operation,
  type Task,
  type TaskStatus,
} from "../../src/index.js";
import { virtualRun } from "../virtual-run.js";

/** The names from a task up to the top. */
function wayUp(task: Task<unknown>): string[] {
  const names = [task.name];
  for (let at = task.parentNursery?.parentTask; at; at = at.parentNursery?.parentTask) {
    names.push(at.name);
  }
  return names;
}

/** A task with all that is below it, as lines that are indented by depth. */
function tree(task: Task<unknown>, depth = 0): string[] {
  const below = task.childNurseries.flatMap((nursery, index) => [
    `${" ".repeat(depth + 1)}nursery ${index + 1}`,
    ...nursery.childTasks.flatMap((child) => tree(child, depth + 2)),
  ]);
  return [" ".repeat(depth) + task.name, ...below];
}

const sleeper = (name: string) => named(name, sleepForever);

test("goes up from each task, nursery by nursery, to main, which has none (TASK-2, TASK-4, NUR-3, T14)", async () => {
  const { run } = virtualRun();
  const seen: Task<unknown>[] = [];
  const main = function* (): Operation<void> {
    expect(currentTask().parentNursery).toBeUndefined();
    expect(currentTask().eventualParentNursery).toBeUndefined();
    yield* openNursery(function* (outer) {
      expect(outer.parentTask).toBe(currentTask());
      outer.startSoon(
        named("middle", () =>
          openNursery(function* (inner) {
            seen.push(inner.parentTask, inner.startSoon(named("leaf", checkpoint)));
            yield* checkpoint();
          }),
        ),
      );
    });
  };
  await run(named("main", main));
  const [middle, leaf] = seen as [Task<unknown>, Task<unknown>];
  expect(wayUp(leaf)).toEqual(["leaf", "middle", "main"]);
  expect(leaf.parentNursery?.parentTask).toBe(middle);
  expect(leaf.parentNursery?.childTasks).toEqual([]);
  expect(middle.childNurseries).toEqual([]);
});

test("goes down from main, through the nurseries of each task from the outermost in (TASK-2, TASK-5, T66)", async () => {
  const { run } = virtualRun();
  const owner = named("owner", () =>
    openNursery(function* (first) {
      first.startSoon(sleeper("a"));
      yield* new CancelScope().run(() =>
        openNursery(function* (second) {
          second.startSoon(sleeper("b"));
          second.startSoon(sleeper("c"));
          yield* sleepForever();
        }),
      );
    }),
  );
  const main = (): Operation<readonly string[]> =>
    openNursery(function* (nursery) {
      nursery.startSoon(owner);
      nursery.startSoon(sleeper("d"));
      yield* sleep(1);
      const lines = tree(currentTask());
      nursery.cancelScope.cancel();
      return lines;
    });
  await expect(run(named("main", main))).resolves.toEqual([
    "main",
    " nursery 1",
    "  owner",
    "   nursery 1",
    "    a",
    "   nursery 2",
    "    b",
    "    c",
    "  d",
  ]);
});

test("shows the nurseries of a task as they were before, when one inside has failed (T83)", async () => {
  const { run } = virtualRun();
  await run(() =>
    openNursery(function* (outer) {
      const seen: (readonly Nursery[])[] = [];
      const look = (): void => void seen.push(currentTask().childNurseries);
      let failed: Nursery | undefined;
      look();
      try {
        yield* openNursery(function* (inner) {
          failed = inner;
          look();
          yield* checkpoint();
          throw new Error("inner");
        });
      } catch {
        look();
      }
      expect(seen).toEqual([[outer], [outer, failed], [outer]]);
    }),
  );
});

test("shows where a child of start is, and where it will go, before and after it reports (START-16, T66, ours)", async () => {
  const { run } = virtualRun();
  const kept: { task?: Task<unknown>; grandchild?: Task<unknown>; target?: Nursery } = {};
  const place = (): readonly (Nursery | undefined)[] => [
    kept.task?.parentNursery,
    kept.task?.eventualParentNursery,
  ];
  const starting = function* (status: TaskStatus): Operation<void> {
    kept.task = currentTask();
    yield* openNursery(function* (inner) {
      kept.grandchild = inner.startSoon(sleeper("grandchild"));
      yield* sleep(1);
      expect(place()).toEqual([undefined, kept.target]);
      expect(kept.target?.childTasks).toEqual([]);
      expect(kept.task?.childNurseries).toEqual([inner]);
      status.started();
      expect(place()).toEqual([kept.target, undefined]);
      expect(kept.target?.childTasks).toEqual([kept.task]);
      expect(kept.task?.childNurseries).toEqual([inner]);
      yield* sleep(1);
      inner.cancelScope.cancel();
    });
  };
  const main = (): Operation<void> =>
    openNursery(function* (nursery) {
      kept.target = nursery;
      yield* nursery.start(starting);
      expect(tree(currentTask())).toEqual([
        "main",
        " nursery 1",
        "  starting",
        "   nursery 1",
        "    grandchild",
      ]);
    });
  await run(named("main", main));
  expect(place()).toEqual([kept.target, undefined]);
  expect(kept.grandchild && wayUp(kept.grandchild)).toEqual(["grandchild", "starting", "main"]);
  expect([kept.grandchild, kept.task].map((task) => task?.childNurseries)).toEqual([[], []]);
});
