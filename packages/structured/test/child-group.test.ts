import { ExceptionGroup, type DeadlockError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { requireTask } from "../src/ambient.js";
import { CancelNode } from "../src/cancel-node.js";
import { ChildGroup } from "../src/child-group.js";
import {
  CancelScope,
  checkpoint,
  Event,
  named,
  openNursery,
  sleep,
  type Operation,
  type TaskStatus,
} from "../src/index.js";
import type { TaskRecord } from "../src/task-record.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

function* fail(error: unknown): Operation<never> {
  throw error;
}

describe("the group of a nursery's errors", () => {
  test.each([
    [1, "1 error in the nursery of task 'main'"],
    [2, "2 errors in the nursery of task 'main'"],
  ])("says how many there are and whose nursery it was: %i", async (count, message) => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        for (let i = 0; i < count; i++) nursery.startSoon(fail, i);
      });
    const error = await rejectionOf(run(main));
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).message).toBe(message);
  });
});

describe("what the owner of a group waits for", () => {
  test("is told in reports, with the number of children, those to come among them", async () => {
    const { run } = virtualRun();
    const neverStarted = function* (_status: TaskStatus): Operation<void> {
      yield* new Event().wait();
    };
    const error = await rejectionOf(
      run(
        named("main", () =>
          openNursery(function* (target) {
            target.startSoon(named("starter", () => target.start(named("server", neverStarted))));
            yield* sleep(1);
          }),
        ),
      ),
    );
    expect((error as DeadlockError).parked).toEqual([
      "task 'main' waits for the end of its nursery (2 children left)",
      "task 'starter' waits for the end of its start of 'server' (1 child left)",
      "task 'server' waits for an event",
    ]);
  });
});

test("tasks that are moved into a cancelled group are offered the cancellation, with what they have opened", async () => {
  const { run, trace, log } = virtualRun();
  const groupIn = (parent: TaskRecord): ChildGroup => {
    const node = new CancelNode();
    node.attach(parent.node);
    return new ChildGroup(parent, node, "group");
  };
  const child = function* (name: string): Operation<void> {
    try {
      yield* sleep(1000);
    } finally {
      log(name);
    }
  };
  await run(function* () {
    const parent = requireTask("make groups");
    const [here, there] = [groupIn(parent), groupIn(parent)];
    here.spawn(child, ["a child"]);
    here.spawn(() => new CancelScope().run(() => child("a child in a scope")), []);
    yield* checkpoint();
    there.node.cancel({ kind: "explicit", reason: undefined, task: undefined });
    yield* checkpoint();
    log("moves");
    here.moveTo(there);
    yield* checkpoint();
    expect([here.children, there.children]).toEqual([[], []]);
  });
  expect(trace.entries).toEqual([
    [0, "moves"],
    [0, "a child in a scope"],
    [0, "a child"],
  ]);
});

test("tasks that are moved into a nursery end there, with whatever they have opened", async () => {
  const { run, trace, log } = virtualRun();
  const server = function* (status: TaskStatus): Operation<void> {
    yield* openNursery(function* (inner) {
      inner.startSoon(function* () {
        yield* sleep(10);
        log("grandchild");
      });
      yield* sleep(1);
      status.started();
      yield* sleep(20);
    });
    log("server");
  };
  await run(function* () {
    yield* openNursery(function* (nursery) {
      yield* nursery.start(server);
      log("started");
      expect(nursery.childTasks.map(({ name }) => name)).toEqual(["server"]);
    });
    log("nursery");
  });
  expect(trace.entries).toEqual([
    [1, "started"],
    [10, "grandchild"],
    [21, "server"],
    [21, "nursery"],
  ]);
});
