import { expect, test } from "vitest";
import { InlineThread } from "../src/inline-thread.js";
import type { PoolThread } from "../src/pool-thread.js";
import type { FromThread } from "../src/protocol.js";
import { ThreadJob } from "../src/thread-job.js";

function stage() {
  const heard: unknown[] = [];
  const thread = new InlineThread({
    took: (_: PoolThread, message: FromThread) => void heard.push(message),
    exited: (_: PoolThread, exitCode: number) => void heard.push(["exited", exitCode]),
  });
  const jobOf = (fn: (...args: never[]) => unknown, ...args: unknown[]) => {
    const canceller = { cancelJob: () => "committed" as const };
    const origin = { canceller, number: 1, site: undefined, inContext: undefined };
    return new ThreadJob(fn as never, args, {}, origin);
  };
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return { heard, thread, jobOf, settle };
}

test("begins in a microtask, and tells how it ended", async () => {
  const { heard, thread, jobOf, settle } = stage();
  thread.run(jobOf((number: number) => number + 1, 1));
  expect([thread.hasBegun, heard]).toEqual([false, []]);
  await settle();
  expect(heard).toEqual([{ kind: "done", id: 1, value: 2 }]);
});

test("skips what was taken back in time", async () => {
  const { heard, thread, jobOf, settle } = stage();
  thread.run(jobOf(() => expect.unreachable()));
  expect([thread.takeBack(), thread.takeBack()]).toEqual([true, false]);
  await settle();
  expect(heard).toEqual([{ kind: "skipped", id: 1 }]);
});

test("terminated, it ends, and what still runs is not heard", async () => {
  const { heard, thread, jobOf, settle } = stage();
  let go = (): void => {};
  thread.run(jobOf(() => new Promise<void>((resolve) => (go = resolve))));
  await settle();
  thread.terminate();
  thread.terminate();
  go();
  await settle();
  expect(heard).toEqual([["exited", 1]]);
});
