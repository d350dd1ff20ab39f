import { VirtualHost } from "@trestle/testing";
import { afterAll, expect, test } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { EventLoop } from "../src/event-loop.js";
import type { FutureCore } from "../src/future-core.js";
import { core } from "../src/internals.js";
import { InvalidStateError } from "../src/invalid-state-error.js";
import { thrownBy } from "./on-virtual-time.js";

const loop = new EventLoop({ host: new VirtualHost() });
loop.setExceptionHandler(() => {});
afterAll(() => loop.close());

const open = (): FutureCore => loop.createFuture("the reply")[core];

/** What somebody who waited gets. */
function given(inside: FutureCore, cancelled?: CancelledError): unknown[] {
  const seen: unknown[] = [];
  inside.handOver(
    { accept: (value) => seen.push("value", value), refuse: (error) => seen.push("error", error) },
    cancelled,
  );
  return seen;
}

test("goes from pending to one end, and stays there", () => {
  for (const end of ["succeeded", "failed", "cancelled"] as const) {
    const inside = open();
    expect(inside.state).toBe("pending");
    inside.settle(end, "x", "set the result of");
    expect(inside.state).toBe(end);
    const again = thrownBy(() => inside.settle("succeeded", "y", "set the result of"));
    expect(again).toBeInstanceOf(InvalidStateError);
    expect((again as Error).message).toMatch(/^Cannot set the result of the reply: it is done\./u);
    expect(inside.state).toBe(end);
  }
});

test("hands over its value or error; a cancellation of the one who waited comes first", () => {
  const [good, bad, gone] = [open(), open(), open()];
  const cancelled = new CancelledError("of the one who waits");
  good.settle("succeeded", 1, "");
  bad.fail("no");
  gone.settle("cancelled", "enough", "");
  expect(given(good)).toEqual(["value", 1]);
  expect(given(bad)).toEqual(["error", "no"]);
  expect(given(gone)).toEqual(["error", expect.objectContaining({ message: "enough" })]);
  expect(given(good, cancelled)).toEqual(["error", cancelled]);
  expect(given(bad, cancelled)).toEqual(["error", cancelled]);
  // The future's own cancellation is kept.
  expect(given(gone, cancelled)[1]).toBe(gone.error);
});

test("everybody gets the same CancelledError, and one that was thrown is kept", () => {
  const inside = open();
  inside.settle("cancelled", "enough", "");
  expect(inside.error).toBe(inside.error);
  const thrown = new CancelledError("thrown by a task");
  const other = open();
  other.settle("cancelled", thrown, "");
  expect(other.error).toBe(thrown);
});

test("is abandoned only while it is pending", () => {
  const [pending, done] = [open(), open()];
  done.settle("succeeded", 1, "");
  pending.abandon("nobody does it");
  done.abandon("nobody does it");
  expect([pending.state, pending.error, done.state, done.value]).toEqual([
    "failed",
    "nobody does it",
    "succeeded",
    1,
  ]);
});

test("its own package's callbacks are quiet, and forgotten by their function", () => {
  const inside = open();
  const fn = (): void => {};
  inside.whenDone(fn);
  inside.whenDone(fn);
  inside.whenDone(() => {});
  expect([inside.forget(fn), inside.forget(fn)]).toEqual([2, 0]);
});
