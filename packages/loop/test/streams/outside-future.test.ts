import { expect, test } from "vitest";
import { outsideFuture } from "../../src/streams/outside-future.js";
import { sleep } from "../../src/sleep.js";
import { messages } from "../on-virtual-time.js";

test("holds a virtual clock until it is done, cancelled or aborted", async () => {
  await messages(async ({ loop, host }) => {
    const controller = new AbortController();
    const futures = ["one", "two", "three"].map((name) => outsideFuture(loop, name, controller));
    expect(host.held).toEqual(["one", "two", "three"]);
    futures[0]?.setResult();
    futures[1]?.cancel();
    controller.abort("the user left");
    await sleep(0);
    expect(host.held).toEqual([]);
    await expect(futures[2]).rejects.toBe("the user left");
  });
});
