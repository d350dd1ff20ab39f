import { VirtualHost } from "@trestle/testing";
import { expect, test, vi } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import { ScheduledCall } from "../src/handle.js";
import { sleep } from "../src/sleep.js";

test("calls its function with its arguments, once a step", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const calls: unknown[] = [];
  const call = new ScheduledCall(loop, 5, (...args: unknown[]) => calls.push(args), [1, "two"]);
  expect([call.when, call.withdrawn, call.step()]).toEqual([5, false, false]);
  expect(calls).toEqual([[1, "two"]]);
  await loop.close();
});

test("taken back, it is withdrawn, and its timer does not hold virtual time", async () => {
  const host = new VirtualHost();
  const loop = new EventLoop({ host });
  const handle = loop.callLater(1000, () => {});
  await loop.runUntilComplete(async () => {
    await sleep(1);
    handle.cancel();
    handle.cancel();
    await sleep(1);
  });
  expect([handle.cancelled(), host.now()]).toEqual([true, 2]);
  await loop.close();
});

test("tells the exception handler of an error, and names the function", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const seen: string[] = [];
  loop.setExceptionHandler((_, { message, exception }) =>
    seen.push(`${message}: ${String(exception)}`),
  );
  const fail = (): never => {
    throw new Error("oops");
  };
  new ScheduledCall(loop, 0, fail, []).step();
  new ScheduledCall(loop, 0, () => fail, []).step();
  new ScheduledCall(
    loop,
    0,
    (
      () => () =>
        fail()
    )(),
    [],
  ).step();
  expect(seen).toEqual([
    "Callback 'fail' failed: Error: oops",
    "Callback 'anonymous' failed: Error: oops",
  ]);
  await loop.close();
});

test("debug mode warns of a promise that a callback returns, and not of a Future", async () => {
  const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const loop = new EventLoop({ host: new VirtualHost(), debug: true });
  const work = async (): Promise<void> => {};
  loop.callSoon(function careless() {
    return work();
  });
  loop.callSoon(() => loop.createTask(work));
  await loop.runUntilComplete(() => sleep(1));
  loop.setDebug(false);
  loop.callSoon(() => work());
  await loop.close();
  expect(emitWarning.mock.calls).toHaveLength(1);
  const [message, options] = emitWarning.mock.calls[0] as unknown as [string, object];
  expect(message).toContain("callback 'careless' has returned");
  expect(message).toContain("handle.test.ts");
  expect(options).toMatchObject({ code: "TRESTLE_NEVER_AWAITED" });
});
