import { expect, test } from "vitest";
import { enterScope, nodeOf } from "../src/cancel-scope.js";
import { CancelScope, currentTask } from "../src/index.js";
import { closeNodes } from "../src/task-nodes.js";
import type { TaskRecord } from "../src/task-record.js";
import { virtualRun } from "./virtual-run.js";

test("a task's own node stands between its owner's and all that it has entered, before or afterwards", async () => {
  const { run } = virtualRun();
  await run(function* () {
    const task = currentTask() as TaskRecord;
    const outer = new CancelScope();
    const inner = new CancelScope();
    yield* outer.run(() =>
      inner.run(function* () {
        const own = task.ownNode;
        expect(own.parent).toBe(task.owner.node);
        expect(nodeOf(outer).parent).toBe(own);
        expect(nodeOf(inner).parent).toBe(nodeOf(outer));
        expect([task.node, task.ownNode]).toEqual([nodeOf(inner), own]);
      }),
    );
    expect(task.node).toBe(task.ownNode);
    yield* new CancelScope().run(function* (scope) {
      expect(nodeOf(scope).parent).toBe(task.ownNode);
    });
  });
});

test("what a task has left open is cancelled and taken out, and the innermost is named; its own node is no fault", async () => {
  const { run } = virtualRun();
  await run(function* () {
    const task = currentTask() as TaskRecord;
    const { ownNode } = task;
    const [outer, inner] = [new CancelScope({ name: "outer" }), new CancelScope({ name: "inner" })];
    enterScope(outer, task);
    enterScope(inner, task);
    expect(closeNodes(task, ownNode)?.message).toContain("it left scope 'inner' open");
    expect(task.node).toBe(task.owner.node);
    expect([outer.cancelCalled, inner.cancelCalled, ownNode.cause]).toEqual([true, true, null]);
    expect(closeNodes(task, ownNode)).toBeUndefined();
  });
});
