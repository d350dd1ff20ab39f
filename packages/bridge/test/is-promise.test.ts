import { EventLoop } from "@trestle/loop";
import { checkpoint } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { isPromise } from "../src/is-promise.js";

test("tells promises and Futures from operations and everything else", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const thenable = { then: (): void => {} };
  for (const promise of [Promise.resolve(), loop.createFuture(), thenable])
    expect(isPromise(promise)).toBe(true);
  for (const other of [checkpoint(), (function* () {})(), { then: 1 }, null, undefined, () => {}])
    expect(isPromise(other)).toBe(false);
  await loop.close();
});
