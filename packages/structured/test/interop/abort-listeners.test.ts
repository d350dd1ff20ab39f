import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { onAbort, requireSignal } from "../../src/interop/abort-listeners.js";
import { countListeners } from "../count-listeners.js";

describe("onAbort", () => {
  test("calls back with the reason, in the order in which they came", () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    onAbort(controller.signal, (reason) => seen.push(["first", reason]), "test");
    onAbort(controller.signal, (reason) => seen.push(["second", reason]), "test");
    expect(seen).toEqual([]);
    controller.abort("enough");
    expect(seen).toEqual([
      ["first", "enough"],
      ["second", "enough"],
    ]);
  });

  test("calls back at once where the signal is aborted already, and adds no listener", () => {
    const signal = AbortSignal.abort("before");
    const listeners = countListeners(signal);
    const seen: unknown[] = [];
    const release = onAbort(signal, (reason) => seen.push(reason), "test");
    release();
    expect(seen).toEqual(["before"]);
    expect(listeners).toEqual({ added: 0, removed: 0 });
  });

  test("has one listener for all, which is gone with the last of them", () => {
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    const releases = Array.from({ length: 1000 }, () => onAbort(signal, () => {}, "test"));
    expect(listeners).toEqual({ added: 1, removed: 0 });
    for (const release of releases.slice(1)) release();
    expect(listeners.removed).toBe(0);
    releases[0]?.();
    expect(listeners).toEqual({ added: 1, removed: 1 });
    onAbort(signal, () => {}, "test")();
    expect(listeners).toEqual({ added: 2, removed: 2 });
  });

  test("does not call who has taken it back, also where another one does so for it", () => {
    const controller = new AbortController();
    const seen: string[] = [];
    onAbort(
      controller.signal,
      () => {
        seen.push("first");
        releaseSecond();
      },
      "test",
    );
    const releaseSecond = onAbort(controller.signal, () => seen.push("second"), "test");
    onAbort(controller.signal, () => seen.push("third"), "test");
    controller.abort();
    releaseSecond();
    expect(seen).toEqual(["first", "third"]);
  });

  test("calls at once who comes while the others are called", () => {
    const controller = new AbortController();
    const seen: string[] = [];
    onAbort(
      controller.signal,
      () => void onAbort(controller.signal, () => seen.push("late"), "test"),
      "test",
    );
    controller.abort();
    expect(seen).toEqual(["late"]);
  });
});

test.each([undefined, null, {}, "signal", new AbortController(), new EventTarget()])(
  "refuses what is no AbortSignal: %s",
  (value) => {
    expect(() => requireSignal(value as AbortSignal, "wait")).toThrow(ArgumentError);
    expect(() => requireSignal(value as AbortSignal, "wait")).toThrow(
      /^Cannot wait with .*: an AbortSignal is wanted\.$/,
    );
  },
);
