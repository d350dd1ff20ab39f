import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkSignal, onAbort, requireSignal } from "../src/signal-option.js";

test("calls back with the reason, once, and not after that was taken back", () => {
  const controller = new AbortController();
  const log: string[] = [];
  onAbort(controller.signal, (reason) => log.push(`first ${String(reason)}`));
  const release = onAbort(controller.signal, () => log.push("released"));
  onAbort(controller.signal, (reason) => log.push(`third ${String(reason)}`));
  release();
  release();
  controller.abort("enough");
  controller.abort("again");
  controller.signal.dispatchEvent(new globalThis.Event("abort"));
  expect(log).toEqual(["first enough", "third enough"]);
});

test("has one listener for all waits, and none when they are over", () => {
  const counts: number[] = [];
  let listeners = 0;
  const signal = {
    aborted: false,
    addEventListener: () => counts.push(++listeners),
    removeEventListener: () => counts.push(--listeners),
  } as unknown as AbortSignal;
  const releases = Array.from({ length: 100 }, () => onAbort(signal, () => {}));
  expect(counts).toEqual([1]);
  for (const release of releases) release();
  expect(counts).toEqual([1, 0]);
  onAbort(signal, () => {})();
  expect(counts).toEqual([1, 0, 1, 0]);
});

test("one that is called may take others back, and add some", () => {
  const controller = new AbortController();
  const log: string[] = [];
  onAbort(controller.signal, () => {
    log.push("a");
    release();
  });
  const release = onAbort(controller.signal, () => log.push("b"));
  onAbort(controller.signal, () => log.push("c"));
  controller.abort();
  expect(log).toEqual(["a", "c"]);
});

test("an aborted signal throws its reason, and what is no signal an ArgumentError", () => {
  checkSignal(undefined, "wait");
  checkSignal({}, "wait");
  checkSignal({ signal: new AbortController().signal }, "wait");
  const aborted = { signal: AbortSignal.abort("enough") };
  requireSignal(aborted, "wait");
  expect(() => checkSignal(aborted, "wait")).toThrow("enough");
  for (const signal of [null, "no", {}, new AbortController()]) {
    expect(() => requireSignal({ signal: signal as never }, "wait")).toThrow(ArgumentError);
    expect(() => checkSignal({ signal: signal as never }, "wait")).toThrow("Cannot wait with");
  }
});
