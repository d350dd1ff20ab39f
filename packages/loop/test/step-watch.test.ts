import { VirtualHost } from "@trestle/testing";
import { expect, test, vi } from "vitest";
import type { Ready } from "../src/ready.js";
import { StepWatch } from "../src/step-watch.js";

const step = (name?: string): Ready => ({
  withdrawn: false,
  step: () => true,
  ...(name !== undefined && { describe: () => name }),
});

/** A host whose clock is set by hand. */
function open(): { watch: StepWatch; pass: (ms: number) => void; warned: () => string[] } {
  let now = 0;
  const host = new VirtualHost();
  host.now = () => now;
  const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  return {
    watch: new StepWatch(host),
    pass: (ms) => void (now += ms),
    warned: () =>
      emitWarning.mock.calls.map(([message]) => String(message).split("\n", 1)[0] ?? ""),
  };
}

test("warns of a step that takes as long as the limit, and names it", () => {
  const { watch, pass, warned } = open();
  watch.begins(step("callback 'quick'"));
  pass(99.9);
  watch.ended();
  watch.begins(step("callback 'slow'"));
  pass(100);
  watch.ended();
  watch.begins(step());
  pass(250);
  watch.begins(step("next"));
  expect(warned()).toEqual([
    "Cannot run anything else of the event loop for 100 ms: callback 'slow' took so long.",
    "Cannot run anything else of the event loop for 250 ms: one of its own steps took so long.",
  ]);
});

test("time in which no step runs is nobody's", () => {
  const { watch, pass, warned } = open();
  watch.begins(step("callback"));
  watch.ended();
  pass(1000);
  watch.ended();
  expect(warned()).toEqual([]);
});
