import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { isAwaitCall, readerOfThen } from "../src/await-call.js";

/** Notes for each call of its `then` whether it is the platform's. */
class Probe implements PromiseLike<void> {
  readonly calls: boolean[] = [];
  #reader: number | undefined;

  get then(): PromiseLike<void>["then"] {
    this.#reader = readerOfThen();
    const then = (onFulfilled: () => void): void => {
      this.calls.push(isAwaitCall(this.#reader));
      onFulfilled();
    };
    return then as PromiseLike<void>["then"];
  }
}

const canTell = Number.parseInt(process.versions.node, 10) < 24;

test("tells what the platform calls for an await from what others call, where contexts are kept in resources", async () => {
  const storage = new AsyncLocalStorage<string>();
  const awaited = new Probe();
  const called = new Probe();
  const returned = new Probe();
  const call = (): void => void called.then(() => {});
  await storage.run("in use", async () => {
    await awaited;
    await Promise.resolve(awaited);
    await (async () => awaited)();
    // Here the promise that is resolved is the one that executes.
    await Promise.resolve().then(() => returned);
    call();
    await Promise.resolve().then(call);
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        call();
        resolve();
      });
    });
  });
  storage.disable();
  expect(awaited.calls).toEqual([canTell, canTell, canTell]);
  expect(called.calls).toEqual([false, false, false]);
  expect(returned.calls).toEqual([false]);
});

test("takes nobody for the platform who was not noted as a reader", async () => {
  await Promise.resolve();
  expect(isAwaitCall(undefined)).toBe(false);
});
