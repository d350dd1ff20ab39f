import { EventLoop, run, sleep, until } from "@trestle/loop";
import { VirtualHost } from "@trestle/testing";
import { expect, test, vi } from "vitest";
import { startHere, startInLoop } from "../../src/loop/children-of-loop.js";
import { createSubprocessExec } from "../../src/loop/create-subprocess.js";
import { childStates, isAlive, openDescriptors, sh } from "../processes.js";

const pipes = { stdin: "ignore", stdout: "pipe", stderr: "ignore" } as const;
const sleeper = { command: sh("exec sleep 1000"), options: {}, pipes };

test("what runs when the loop closes is ended, and its pipes are closed", async () => {
  const before = openDescriptors();
  const processes = await run(async () => [
    await createSubprocessExec("sleep", ["1000"]),
    await createSubprocessExec("cat", [], { stdin: "pipe", stdout: "pipe" }),
  ]);
  expect(processes.map(({ signal }) => signal)).toEqual(["SIGTERM", "SIGTERM"]);
  await vi.waitFor(() => expect([openDescriptors(), childStates()]).toEqual([before, []]));
});

test("what may stay is left, on a virtual clock as well", async () => {
  const { pid } = await run(
    () => createSubprocessExec("sleep", ["1000"], { leaveRunning: true, stdout: "ignore" }),
    { host: new VirtualHost() },
  );
  expect(isAlive(pid)).toBe(true);
  process.kill(pid, "SIGKILL");
});

test("a task that is cancelled while it starts one leaves nothing, whenever that is", async () => {
  await run(async () => {
    for (let ms = 0; ms < 10; ms++) {
      const loop = new AbortController();
      const starting = startHere(sleeper, { signal: loop.signal }, (child) => child);
      if (ms > 0) await sleep(ms / 2);
      loop.abort(new Error("aborted"));
      const child = await starting.catch(() => undefined);
      child?.send("SIGKILL");
      child?.destroyStreams();
    }
  });
  await vi.waitFor(() => expect(childStates()).toEqual([]));
});

test("one that starts while the loop closes is ended", async () => {
  const loop = new EventLoop();
  const starting = loop.runUntilComplete(async () => {
    const start = until(startInLoop(loop, sleeper, (child) => child));
    start.addDoneCallback(() => {});
  });
  await starting;
  await loop.close();
  await vi.waitFor(() => expect(childStates()).toEqual([]));
});
