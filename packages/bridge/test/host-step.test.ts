import { failure, success } from "@trestle/host";
import { CancelledError, run } from "@trestle/loop";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { cancellationOf, HostStep } from "../src/host-step.js";

async function withStep(
  body: (step: HostStep<number>, asked: (string | undefined)[]) => void,
): Promise<void> {
  await run(
    async () => {
      const asked: (string | undefined)[] = [];
      body(
        new HostStep<number>({ description: "a step" }, (message) => asked.push(message)),
        asked,
      );
    },
    { host: new VirtualHost() },
  );
}

test("a cancellation asks the host, once, and the step stays pending", async () => {
  await withStep((step, asked) => {
    expect(step.isAsked).toBe(false);
    expect(step.cancel("enough")).toBe(true);
    expect(step.cancel("more than enough")).toBe(true);
    expect([step.done(), step.isAsked, asked]).toEqual([false, true, ["enough"]]);
    step.settle(success(5));
    expect(step.result()).toBe(5);
    expect(step.cancel()).toBe(false);
  });
});

test("it ends with a value, an error, or cancelled with the very CancelledError, and once", async () => {
  await withStep((step) => {
    const error = new Error("no");
    step.settle(failure(error));
    step.settle(success(5));
    expect(step.exception()).toBe(error);
  });
  await withStep((step) => {
    const error = new CancelledError("enough");
    step.settle(failure(error));
    expect(step.cancelled()).toBe(true);
    expect(() => step.result()).toThrow(error);
  });
});

test("the AbortError of a signal stands for the CancelledError that it was aborted with", () => {
  const cancelled = new CancelledError("enough");
  const abort = Object.assign(new Error("aborted", { cause: cancelled }), { name: "AbortError" });
  expect(cancellationOf(abort)).toBe(cancelled);
  expect(cancellationOf(cancelled)).toBe(cancelled);
  expect(cancellationOf(new Error("no", { cause: cancelled }))).toBeUndefined();
  expect(cancellationOf(Object.assign(new Error("no"), { name: "AbortError" }))).toBeUndefined();
  expect(cancellationOf(undefined)).toBeUndefined();
});
