import { CancelledError, createTask, currentTask, NoLoopError, run, sleep } from "@trestle/loop";
import { expect, test } from "vitest";
import { runInThread } from "../../src/loop/run-in-thread.js";
import { work } from "../built-work.js";
import { RemoteExecutor } from "../remote-executor.js";
import { errorOf, sharedWords, until } from "../until.js";

test("gives a future of what the work returns", async () => {
  await run(async () => {
    expect(await runInThread(work.add, [1, 2])).toBe(3);
    expect(await errorOf(runInThread(work.fail, ["type"]))).toBeInstanceOf(TypeError);
  });
});

test("what the work calls back runs as a task of the loop", async () => {
  await run(async () => {
    const own = currentTask();
    const host = {
      later: async (text: string) => {
        await sleep(1);
        expect(currentTask()).not.toBe(own);
        return `${text}, later`;
      },
      fail: () => {
        throw new RangeError("far");
      },
    };
    expect(await runInThread(work.callBack, ["later", "this"], { host })).toBe("this, later");
    expect(await errorOf(runInThread(work.callBack, ["fail"], { host }))).toBeInstanceOf(
      RangeError,
    );
  });
});

test("a cancellation does what it is asked to", async () => {
  await run(async () => {
    const memory = sharedWords();
    const told = createTask(() => runInThread(work.sleepTold, [], { onCancel: "cooperative" }));
    const abandoned = createTask(() =>
      runInThread(work.standStill, [memory], { onCancel: "abandon" }),
    );
    await until(() => Atomics.load(memory, 1) === 1);
    told.cancel();
    abandoned.cancel();
    expect(await errorOf(told)).toBeInstanceOf(CancelledError);
    expect(await errorOf(abandoned)).toBeInstanceOf(CancelledError);
    Atomics.store(memory, 0, 1);
    Atomics.notify(memory, 0);
  });
});

test("needs a loop", () => {
  expect(() => runInThread(work.add, [1, 2])).toThrow(NoLoopError);
});

test("work on another machine is offered no calls back unless there are some", async () => {
  await run(async () => {
    const executor = new RemoteExecutor();
    expect(await runInThread(work.add, [1, 2], { executor })).toBe(3);
    const offered = (): unknown => runInThread(work.add, [1, 2], { executor, host: {} });
    expect(offered).toThrow("'onHostCall' is refused");
  });
});
