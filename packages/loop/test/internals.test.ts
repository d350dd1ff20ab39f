import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import { core, internals } from "../src/internals.js";

test("the keys are registered, so that two copies of the package find each other's", () => {
  expect([internals, core].map((key) => Symbol.keyFor(key))).toEqual([
    "trestle.loop.internals",
    "trestle.loop.core",
  ]);
});

test("a loop's inside is not among its enumerable keys' names", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  expect(Object.keys(loop)).toEqual(["host"]);
  expect(loop[internals].place.loop).toBe(loop);
  await loop.close();
});
