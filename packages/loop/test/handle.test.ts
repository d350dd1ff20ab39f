import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
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
