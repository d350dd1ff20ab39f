import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { CrossingCallback } from "../src/crossing-callback.js";
import { EventLoop } from "../src/event-loop.js";
import { core, internals } from "../src/internals.js";

test("counts among what waits outside of tasks until it is called, once, with its argument", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const { waits } = loop[internals].outside;
  const reply = loop.createFuture<void>("the reply");
  const log: string[] = [];
  const callback = new CrossingCallback(
    reply[core],
    (name: string) => log.push(`${name}: ${waits.isEmpty}`),
    "Ann",
  );
  callback.startWait();
  expect([waits.first === callback, callback.isDone]).toEqual([true, false]);
  callback.breakOff();
  expect(callback.step()).toBe(false);
  expect([log, callback.isDone, waits.isEmpty]).toEqual([["Ann: true"], true, true]);
  expect(callback.describe()).toBe("another runtime's callback of the reply");
  await loop.close();
});
