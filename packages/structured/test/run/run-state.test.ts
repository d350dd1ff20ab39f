import { expect, test } from "vitest";
import { ContextVar, currentTask } from "../../src/index.js";
import { inherit, type RunState } from "../../src/run/run-state.js";
import type { TaskRecord } from "../../src/task-record.js";
import { virtualRun } from "../virtual-run.js";

test("a task has the variables that its run was started with, whatever it has set", async () => {
  const name = new ContextVar<string>("name", { defaultValue: "nobody" });
  const { run } = virtualRun();
  const seen = await run(function* () {
    name.set("changed");
    const task = currentTask() as TaskRecord;
    const before = name.get();
    inherit(task, task.runner.state as RunState);
    return [before, name.get()];
  });
  expect(seen).toEqual(["changed", "nobody"]);
});
