import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { expect, test } from "vitest";
import { sleep } from "../src/sleep.js";
import { messages } from "./on-virtual-time.js";

test("is called through the loop, an iteration after the future is done, with the future", async () => {
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<string>();
    future.addDoneCallback((done) => log(`called with ${done.result()}`));
    future.setResult("value");
    log("set");
    await sleep(0);
  });
  expect(log).toEqual(["set", "called with value"]);
});

test("an error in it goes to the exception handler, and the others are called", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.setExceptionHandler((_, context) => {
      log(`${context.message}: ${String(context.exception)} ${context.future === future}`);
    });
    const future = loop.createFuture<void>("the reply");
    future.addDoneCallback(() => {
      throw new Error("oops");
    });
    future.addDoneCallback(() => log("second"));
    future.setResult();
    await sleep(0);
  });
  expect(log).toEqual(["A callback of the reply failed: Error: oops true", "second"]);
});

test("one that was taken back is not called", async () => {
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<void>();
    const unwanted = (): void => log("unwanted");
    future.addDoneCallback(unwanted);
    future.addDoneCallback(() => log("wanted"));
    future.addDoneCallback(unwanted);
    log(String(future.removeDoneCallback(unwanted)));
    log(String(future.removeDoneCallback(unwanted)));
    future.setResult();
    await sleep(0);
  });
  expect(log).toEqual(["2", "0", "wanted"]);
});

test("may be called in another context than that of the adding", async () => {
  const request = new AsyncLocalStorage<string>();
  const context = request.run("given", () => new AsyncResource("test"));
  const log = await messages(async ({ log, loop }) => {
    const future = loop.createFuture<void>();
    const say = (): void => log(request.getStore() ?? "none");
    request.run("of the adding", () => {
      future.addDoneCallback(say);
      future.addDoneCallback(say, { context });
    });
    future.setResult();
    await sleep(0);
  });
  expect(log).toEqual(["of the adding", "given"]);
});
