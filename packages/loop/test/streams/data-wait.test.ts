import { expect, test } from "vitest";
import { createTask } from "../../src/create-task.js";
import { InvalidStateError } from "../../src/invalid-state-error.js";
import { sleep } from "../../src/sleep.js";
import { DataWait } from "../../src/streams/data-wait.js";
import { messages } from "../on-virtual-time.js";

const source = { description: "data of a test", pauseReading: () => {}, resumeReading: () => {} };

test("holds a virtual clock for a source outside, and not where the loop's own code feeds", async () => {
  await messages(async ({ loop, host }) => {
    const data = new DataWait(loop);
    const own = createTask(() => data.wait({}));
    await sleep(0);
    expect(host.held).toEqual([]);
    data.wake();
    await own;
    data.source = source;
    const outside = createTask(() => data.wait({}));
    await sleep(0);
    expect(host.held).toEqual(["data of a test"]);
    outside.cancel();
    await outside.catch(() => {});
    expect(host.held).toEqual([]);
  });
});

test("wakes or fails the one who waits, once", async () => {
  await messages(async ({ loop }) => {
    const data = new DataWait(loop);
    const failing = createTask(() => data.wait({}));
    await sleep(0);
    await expect(data.wait({})).rejects.toThrow(InvalidStateError);
    data.fail(new Error("reset"));
    data.fail(new Error("again"));
    data.wake();
    await expect(failing).rejects.toThrow("reset");
  });
});
