import { run, sleep } from "@trestle/structured";
import { spawnSystemTask } from "@trestle/structured/lowlevel";
import { waitAllTasksBlocked } from "@trestle/structured/testing";
import { VirtualHost } from "@trestle/testing";
import { expect, test, vi } from "vitest";
import { childrenOfRun } from "../../src/structured/children-of-run.js";
import { openProcess } from "../../src/structured/open-process.js";
import { runProcess } from "../../src/structured/run-process.js";
import { childStates, isAlive, openDescriptors } from "../processes.js";

test("what runs when main has ended is ended, all together, and its pipes are closed", async () => {
  const before = openDescriptors();
  const signals = await run(function* () {
    const open = ["exec sleep 1000", "exec sleep 1000", "exec cat"];
    const processes = [];
    for (const line of open) {
      processes.push(yield* openProcess(["sh", "-c", line], { stdin: "pipe", stdout: "pipe" }));
    }
    return processes;
  });
  expect(signals.map((process) => process.signal)).toEqual(["SIGTERM", "SIGTERM", "SIGTERM"]);
  await vi.waitFor(() => expect([openDescriptors(), childStates()]).toEqual([before, []]));
});

test("what may stay is left, on a virtual clock as well", async () => {
  const pid = await run(
    function* () {
      const options = { leaveRunning: true, stdout: "ignore" } as const;
      return (yield* openProcess(["sleep", "1000"], options)).pid;
    },
    { host: new VirtualHost() },
  );
  expect(isAlive(pid)).toBe(true);
  process.kill(pid, "SIGKILL");
});

test("what has ended is forgotten, when nothing of it is left to read", async () => {
  const sizes = await run(function* () {
    const children = childrenOfRun();
    const quiet = yield* openProcess(["true"]);
    const loud = yield* openProcess(["echo", "hello"], { stdout: "pipe" });
    yield* quiet.wait();
    yield* loud.wait();
    const before = children.size;
    yield* loud.aclose();
    while (children.size > 0) yield* sleep(1);
    return before >= 1;
  });
  expect(sizes).toBe(true);
});

test("a process that was run to its end is forgotten, also where all of it was over before", async () => {
  await run(function* () {
    const children = childrenOfRun();
    for (let i = 0; i < 5; i++) {
      yield* runProcess(["true"], { captureStdout: true, captureStderr: true });
    }
    while (children.size > 0) yield* sleep(1);
  });
}, 10_000);

test("one set for a run, and one system task", async () => {
  const [first, second] = await run(function* () {
    yield* sleep(0);
    return [childrenOfRun(), childrenOfRun()];
  });
  expect(first).toBe(second);
  const third = await run(function* () {
    yield* sleep(0);
    return childrenOfRun();
  });
  expect(third).not.toBe(first);
});

test("where the run is ending nothing is started any more", async () => {
  let failure: unknown;
  await run(function* () {
    spawnSystemTask(function* () {
      try {
        yield* sleep(100_000);
      } finally {
        failure = yield* attempt();
      }
    });
    yield* waitAllTasksBlocked();
  });
  expect(failure === undefined || failure instanceof Error).toBe(true);
  expect(childStates()).toEqual([]);
});

function* attempt(): Generator<never, unknown> {
  try {
    childrenOfRun();
    return undefined;
  } catch (error) {
    return error;
  }
}
