import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { onAbort } from "../src/on-abort.js";

test("calls back each of those who hang on a signal, once, by a single listener", () => {
  const { signal, abort } = controllerOf();
  const log: string[] = [];
  onAbort(signal, () => log.push("a"));
  const leave = onAbort(signal, () => log.push("b"));
  onAbort(signal, () => log.push("c"));
  expect(getEventListeners(signal, "abort").length).toBe(1);
  leave();
  leave();
  abort();
  abort();
  expect([log, getEventListeners(signal, "abort").length]).toEqual([["a", "c"], 0]);
});

test("listens no more when nobody is left, and again for the next one", () => {
  const { signal, abort } = controllerOf();
  const log: string[] = [];
  onAbort(signal, () => log.push("a"))();
  expect(getEventListeners(signal, "abort").length).toBe(0);
  onAbort(signal, () => log.push("b"));
  abort();
  expect(log).toEqual(["b"]);
});

function controllerOf(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
