import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { errorOf } from "../src/error-of.js";
import { EventLoop } from "../src/event-loop.js";

test("tells how a future failed, a cancellation included, also with undefined as the error", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const make = (): ReturnType<typeof loop.createFuture<number>> => loop.createFuture<number>();
  const [good, bad, empty, cancelled] = [make(), make(), make(), make()] as const;
  const error = new Error("bad");
  good.setResult(1);
  bad.setException(error);
  empty.setException(undefined);
  cancelled.cancel("enough");
  expect(errorOf(good)).toBeUndefined();
  expect(errorOf(bad)?.error).toBe(error);
  expect(errorOf(empty)).toEqual({ error: undefined });
  expect(errorOf(cancelled)?.error).toBeInstanceOf(CancelledError);
  await loop.close();
});
