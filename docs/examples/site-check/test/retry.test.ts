import { moveOnAfter, run, sleep, type Operation } from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { withRetries, type RetryPolicy } from "../src/retry.js";

const host = new VirtualHost();

function policy(changes: Partial<RetryPolicy> = {}): RetryPolicy {
  return { retries: 2, pause: 100, isPassing: () => true, ...changes };
}

function scene() {
  const virtual = new VirtualHost();
  return { host: virtual, trace: new Trace(() => virtual.now()) };
}

test("gives the value of the first try that succeeds, with pauses that double", async () => {
  const { host: virtual, trace } = scene();
  const value = await run(
    () =>
      withRetries(
        policy({ retries: 3, onRetry: (error) => trace.log(String(error)) }),
        function* (number): Operation<string> {
          trace.log(`try ${number}`);
          yield* sleep(10);
          if (number < 4) throw new Error(`no ${number}`);
          return "yes";
        },
      ),
    { host: virtual },
  );
  expect(value).toBe("yes");
  expect(trace.entries).toEqual([
    [0, "try 1"],
    [10, "Error: no 1"],
    [110, "try 2"],
    [120, "Error: no 2"],
    [320, "try 3"],
    [330, "Error: no 3"],
    [730, "try 4"],
  ]);
});

test("throws the last error when no tries are left", async () => {
  let tries = 0;
  const failing = run(
    () =>
      withRetries(policy(), function* (): Operation<never> {
        throw new Error(`no ${++tries}`);
      }),
    { host },
  );
  await expect(failing).rejects.toThrow("no 3");
  expect(tries).toBe(3);
});

test("does not try again what stays", async () => {
  let tries = 0;
  const failing = run(
    () =>
      withRetries(policy({ isPassing: () => false }), function* (): Operation<never> {
        throw new Error(`no ${++tries}`);
      }),
    { host },
  );
  await expect(failing).rejects.toThrow("no 1");
});

test("is ended by a cancellation, in a try as well as in a pause, and takes it for no failure", async () => {
  for (const [deadline, expected] of [
    [5, ["try 1"]],
    [50, ["try 1", "again"]],
  ] as const) {
    const { host: virtual, trace } = scene();
    const { cancelledCaught } = await run(
      () =>
        moveOnAfter(deadline, () =>
          withRetries(
            policy({ onRetry: () => trace.log("again") }),
            function* (number): Operation<never> {
              trace.log(`try ${number}`);
              yield* sleep(10);
              throw new Error("no");
            },
          ),
        ),
      { host: virtual },
    );
    expect(cancelledCaught).toBe(true);
    expect(trace.entries.map(([, message]) => message)).toEqual(expected);
  }
});
