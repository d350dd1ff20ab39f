import { EventLoop } from "@trestle/loop";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { BackgroundCall } from "../src/background-call.js";

test("tells the exception handler of a failure only", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const told: unknown[] = [];
  loop.setExceptionHandler((_loop, { message, exception, future }) => {
    told.push([message, exception, future]);
  });
  const error = new Error("of the call");
  const [fine, failing, cancelled] = ["fine", "failing", "cancelled"].map((what) => {
    const future = loop.createFuture<void>(what);
    return { future, handle: new BackgroundCall(future) };
  }) as [Made, Made, Made];
  fine.future.setResult();
  failing.future.setException(error);
  cancelled.handle.cancel();
  loop.callLater(1, () => loop.stop());
  await loop.runForever();
  expect(told).toEqual([["Background task failed: failing", error, failing.future]]);
  expect([fine, failing, cancelled].map(({ handle }) => handle.cancelled())).toEqual([
    false,
    false,
    true,
  ]);
  await loop.close();
});

interface Made {
  readonly future: ReturnType<typeof EventLoop.prototype.createFuture<void>>;
  readonly handle: BackgroundCall;
}
