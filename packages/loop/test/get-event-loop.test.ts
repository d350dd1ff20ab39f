import { VirtualHost } from "@trestle/testing";
import { afterEach, expect, test } from "vitest";
import { getRunningLoop } from "../src/current.js";
import { getEventLoop, newEventLoop, setEventLoop } from "../src/get-event-loop.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { run } from "../src/run.js";

afterEach(() => setEventLoop(undefined));

test("gives the loop that runs, and outside of loops the one that was set", async () => {
  expect(() => getEventLoop()).toThrow(NoLoopError);
  const loop = newEventLoop({ host: new VirtualHost() });
  setEventLoop(loop);
  expect(getEventLoop()).toBe(loop);
  await run(
    async () => {
      expect(getEventLoop()).toBe(getRunningLoop());
      expect(getEventLoop()).not.toBe(loop);
    },
    { host: new VirtualHost() },
  );
  expect(getEventLoop()).toBe(loop);
  await loop.close();
});

test("run leaves the loop that was set alone", async () => {
  await run(async () => {}, { host: new VirtualHost() });
  expect(() => getEventLoop()).toThrow(NoLoopError);
});
