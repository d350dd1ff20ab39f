import { CancelledError } from "@trestle/loop";
import { checkpoint, isCancelled, run, CancelScope, type Operation } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { throwBoth } from "../src/both-errors.js";

async function thrownOf(inFlight: unknown, ofExit: unknown): Promise<unknown> {
  return run(
    function* () {
      try {
        return yield* throwBoth(inFlight, ofExit);
      } catch (error) {
        return error;
      }
    },
    { host: new VirtualHost() },
  );
}

/** A Cancelled of structured code. */
async function makeCancelled(): Promise<unknown> {
  let cancelled: unknown;
  await run(
    () =>
      new CancelScope().run(function* (scope): Operation<void> {
        scope.cancel();
        try {
          yield* checkpoint();
        } catch (error) {
          cancelled = error;
        }
      }),
    { host: new VirtualHost() },
  );
  return cancelled;
}

test("the error in flight goes on, and has the other", async () => {
  const [inFlight, ofExit] = [new Error("in flight"), new Error("of the exit")];
  await expect(thrownOf(inFlight, ofExit)).resolves.toBe(inFlight);
  expect(inFlight).toMatchObject({ suppressed: [ofExit] });
});

test("the same error twice is one", async () => {
  const error = new Error("in flight");
  await expect(thrownOf(error, error)).resolves.toBe(error);
  expect("suppressed" in error).toBe(false);
});

test("a cancellation of either flavor gives way to an error", async () => {
  const error = new Error("an error");
  const cancelled = await makeCancelled();
  expect(isCancelled(cancelled)).toBe(true);
  for (const cancellation of [cancelled, new CancelledError()]) {
    await expect(thrownOf(cancellation, error)).resolves.toBe(error);
    await expect(thrownOf(error, cancellation)).resolves.toBe(error);
  }
  expect("suppressed" in error).toBe(false);
});

test("of two cancellations the one in flight goes on", async () => {
  const cancelled = await makeCancelled();
  await expect(thrownOf(cancelled, new CancelledError())).resolves.toBe(cancelled);
});
