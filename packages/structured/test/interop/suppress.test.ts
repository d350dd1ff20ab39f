import { ExceptionGroup } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { CancelScope, checkpoint } from "../../src/index.js";
import { suppress } from "../../src/interop/suppress.js";
import { virtualRun } from "../virtual-run.js";

const ofCleanup = new Error("of the cleanup");

/** A Cancelled, as a task gets one. */
async function cancelled(): Promise<unknown> {
  const { run } = virtualRun();
  let seen: unknown;
  await run(() =>
    new CancelScope().run(function* (scope) {
      scope.cancel();
      try {
        yield* checkpoint();
      } catch (error) {
        seen = error;
        throw error;
      }
    }),
  );
  return seen;
}

describe("suppress", () => {
  test("gives the error in flight, which carries the others in the order of arrival", () => {
    const error = new RangeError("in flight");
    expect(suppress(error, ofCleanup)).toBe(error);
    expect(suppress(error, "another")).toBe(error);
    expect((error as { suppressed?: unknown }).suppressed).toEqual([ofCleanup, "another"]);
    expect(Object.keys(error)).toContain("suppressed");
  });

  test("adds nothing where both are one", () => {
    const error = new Error("in flight");
    expect(suppress(error, error)).toBe(error);
    expect(error).not.toHaveProperty("suppressed");
  });

  test.each([
    ["a string", "in flight"],
    ["undefined", undefined],
    ["a frozen error", Object.freeze(new Error("in flight"))],
    ["an error with a 'suppressed' of its own", Object.assign(new Error("x"), { suppressed: [] })],
    ["an object", { code: 5 }],
  ])("gives a group of both where the error in flight is %s", (_what, error) => {
    const group = suppress(error, ofCleanup);
    expect(group).toBeInstanceOf(ExceptionGroup);
    expect((group as ExceptionGroup).errors).toEqual([error, ofCleanup]);
  });

  test("lets an error win against a cancellation, from wherever it came", async () => {
    const cancellation = await cancelled();
    const error = new Error("in flight");
    expect(suppress(cancellation, ofCleanup)).toBe(ofCleanup);
    expect(suppress(error, cancellation)).toBe(error);
    expect(error).not.toHaveProperty("suppressed");
    expect(suppress(cancellation, await cancelled())).toBe(cancellation);
  });
});
