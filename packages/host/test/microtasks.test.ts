import { AsyncLocalStorage, createHook } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Microtasks } from "../src/microtasks.js";

const settled = Promise.resolve();

function ask(microtasks: Microtasks, callback: () => void): void {
  microtasks.prepare(callback);
  microtasks.ask();
}

describe.each([
  { hooks: "no hooks", isHooked: false },
  { hooks: "hooks for promises", isHooked: true },
])("while Node has $hooks", ({ isHooked }) => {
  const hook = createHook({ init() {} });

  beforeEach(() => {
    if (isHooked) hook.enable();
  });
  afterEach(() => hook.disable());

  test("calls back in order with other microtasks, and never in the call", async () => {
    const microtasks = new Microtasks();
    const ran: string[] = [];
    void settled.then(() => ran.push("one before"));
    ask(microtasks, () => ran.push("callback"));
    void settled.then(() => ran.push("one after"));
    ran.push("the call");
    await settled.then(() => {});
    expect(ran).toEqual(["the call", "one before", "callback", "one after"]);
  });

  test("is asked again from its callback, as often as one likes", async () => {
    const microtasks = new Microtasks();
    const ran: number[] = [];
    await new Promise<void>((resolve) => {
      const again = (): void => {
        ran.push(ran.length);
        if (ran.length < 1000) microtasks.ask();
        else resolve();
      };
      ask(microtasks, again);
    });
    expect(ran).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  });

  test("goes on after a callback that throws, whose error nobody handles", async () => {
    const microtasks = new Microtasks();
    const unhandled: unknown[] = [];
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => unhandled.push(error));
    const error = new Error("of the callback");
    ask(microtasks, () => {
      throw error;
    });
    await new Promise((resolve) => setImmediate(resolve));
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
    expect(unhandled).toEqual([error]);
    await new Promise<void>((resolve) => ask(microtasks, resolve));
  });

  test("takes the platform's own promise, where another class is the global one", async () => {
    let again = { Microtasks };
    // As that of a library that tracks what promises do: it calls a foreign `then` at once.
    class Eager<T> extends Promise<T> {
      constructor(executor: ConstructorParameters<typeof Promise<T>>[0]) {
        super((resolve, reject) => {
          executor((value) => {
            if (value instanceof again.Microtasks) value.then(() => {});
            else resolve(value);
          }, reject);
        });
      }
    }
    vi.stubGlobal("Promise", Eager);
    vi.resetModules();
    again = await import("../src/microtasks.js");
    const microtasks = new again.Microtasks();
    vi.unstubAllGlobals();
    const ran: string[] = [];
    ask(microtasks, () => ran.push("callback"));
    expect(ran).toEqual([]);
    await settled;
    expect(ran).toEqual(["callback"]);
  });
});

test("makes a promise for each while Node has no hooks for promises, and none while it has, as it finds when it is renewed", async () => {
  // Another file of this process may have a storage in use.
  const isHooked = Object.getOwnPropertySymbols(new Promise(() => {})).length > 0;
  const microtasks = new Microtasks();
  let promises = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === "PROMISE") promises++;
    },
  }).enable();
  /** From one callback to the hundredth after it; by then the test's own promises have settled. */
  const madeMeanwhile = (): Promise<number> =>
    new Promise((resolve) => {
      let left = 110;
      ask(microtasks, () => {
        if (left === 100) promises = 0;
        if (left-- > 0) microtasks.ask();
        else resolve(promises);
      });
    });
  const before = await madeMeanwhile();
  microtasks.renew();
  const hooked = await madeMeanwhile();
  hook.disable();
  expect(before - hooked).toBe(isHooked ? 0 : 100);
});

describe("the async context of a callback", () => {
  const storage = new AsyncLocalStorage<string>();
  afterEach(() => storage.disable());

  const contextOfCallback = (microtasks: Microtasks): Promise<string | undefined> =>
    new Promise((resolve) => ask(microtasks, () => resolve(storage.getStore())));

  test("is not that of whoever made it", async () => {
    const made = storage.run("of the maker", () => new Microtasks());
    expect(await contextOfCallback(made)).toBeUndefined();
    storage.run("of who renews", () => made.renew());
    expect(await contextOfCallback(made)).toBeUndefined();
  });

  test("is lost when it is renewed, also where a callback has entered one", async () => {
    storage.enterWith("something is in use");
    const microtasks = new Microtasks();
    ask(microtasks, () => storage.enterWith("entered"));
    await settled;
    microtasks.renew();
    const seen = new Promise((resolve) => {
      setImmediate(() => {
        storage.exit(() => ask(microtasks, () => resolve(storage.getStore())));
      });
    });
    expect(await seen).toBeUndefined();
  });
});
