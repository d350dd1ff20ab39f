import { VirtualHost } from "@trestle/testing";
import { afterEach, expect, test, vi } from "vitest";
import { DebugMode, isDebugWanted } from "../src/debug-mode.js";
import { Scheduler } from "../src/scheduler.js";

afterEach(() => vi.unstubAllEnvs());

test("the scheduler has the watch only while it is on", () => {
  const host = new VirtualHost();
  const scheduler = new Scheduler(host, { rested: () => {}, halted: () => {} });
  const debug = new DebugMode(host, scheduler);
  expect([debug.isOn, scheduler.watch]).toEqual([false, undefined]);
  debug.isOn = true;
  expect([debug.isOn, scheduler.watch]).toEqual([true, debug.watch]);
  debug.isOn = false;
  expect([debug.isOn, scheduler.watch]).toEqual([false, undefined]);
});

test("the environment asks for it with a value that is not 0", () => {
  const wanted = ["1", "yes", "0", ""].map((value) => {
    vi.stubEnv("TRESTLEDEBUG", value);
    return isDebugWanted();
  });
  expect(wanted).toEqual([true, true, false, false]);
  vi.stubEnv("TRESTLEDEBUG", undefined);
  expect(isDebugWanted()).toBe(false);
});
