import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { endOnAbort, endWithReason, messageOfReason } from "../src/end-on-abort.js";
import { Future } from "../src/future.js";
import { gather } from "../src/gather.js";
import { sleep } from "../src/sleep.js";
import { messages, traced } from "./on-virtual-time.js";

test("an abort ends a pending future, and one before the beginning does the same", async () => {
  const log = await messages(async ({ log }) => {
    const controller = new AbortController();
    const late = new Future<void>();
    const early = new Future<void>();
    endOnAbort(late, controller, (reason) => endWithReason(late, reason));
    endOnAbort(early, { signal: AbortSignal.abort("before") }, (reason) =>
      endWithReason(early, reason),
    );
    controller.abort("later");
    await late.catch((error: unknown) => log(String(error)));
    await early.catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual(["later", "before"]);
});

test("a future that is done is left alone", async () => {
  await messages(async () => {
    const controller = new AbortController();
    const future = new Future<string>();
    endOnAbort(future, controller, () => expect.unreachable());
    future.setResult("value");
    controller.abort();
    expect(await future).toBe("value");
    endOnAbort(future, { signal: AbortSignal.abort() }, () => expect.unreachable());
  });
});

test("a thousand waits have one listener on their signal, which is gone when the last has ended", async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on("warning", warn);
  const log = await traced(async ({ log }) => {
    const { signal } = new AbortController();
    const count = (): number => getEventListeners(signal, "abort").length;
    const all = Array.from({ length: 1000 }, (_, i) => sleep(i, undefined, { signal }));
    log(`${count()}`);
    await all[500];
    log(`${count()}`);
    await gather(all);
    log(`${count()}`);
  });
  process.off("warning", warn);
  expect(log).toEqual([
    [0, "1"],
    [500, "1"],
    [999, "0"],
  ]);
  expect(warnings).toEqual([]);
});

test("an abort ends all that hang on the signal, and leaves no listener and no timer", async () => {
  const log = await traced(async ({ log }) => {
    const controller = new AbortController();
    const all = [10, 20, 30].map((ms) => sleep(ms, undefined, controller));
    await sleep(15);
    controller.abort(new Error("the user left"));
    for (const one of all) await one.catch((error: unknown) => log(String(error)));
    log(String(getEventListeners(controller.signal, "abort").length));
  });
  expect(log).toEqual([
    [15, "Error: the user left"],
    [15, "Error: the user left"],
    [15, "0"],
  ]);
});

test("a CancelledError for the reason cancels, and any other is an error", async () => {
  await messages(async () => {
    const [cancelled, failed] = [new Future<void>(), new Future<void>()];
    endWithReason(cancelled, new CancelledError("enough"));
    endWithReason(failed, "enough");
    expect([cancelled.cancelled(), failed.cancelled()]).toEqual([true, false]);
    expect(() => cancelled.result()).toThrow("enough");
    expect(failed.exception()).toBe("enough");
  });
});

test("a reason's text is the message of the cancellations that it makes", () => {
  expect(messageOfReason("enough")).toBe("enough");
  expect(messageOfReason(new Error("the user left"))).toBe("the user left");
  expect(messageOfReason(new Error(""))).toBeUndefined();
  expect(messageOfReason({ code: 1 })).toBeUndefined();
});
