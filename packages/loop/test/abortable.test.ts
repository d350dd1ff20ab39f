import { WrongFlavorError } from "@trestle/host";
import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { abortable } from "../src/abortable.js";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { messages, traced } from "./on-virtual-time.js";

/** Work that ends as it was told, a little after it was asked to stop. */
function work(signal: AbortSignal, end: (reason: unknown) => unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () =>
      setImmediate(() => {
        const error = end(signal.reason);
        if (typeof error === "string") resolve(error);
        else reject(error);
      }),
    );
  });
}

const abortError = (cause: unknown): Error =>
  Object.assign(new Error("aborted", { cause }), { name: "AbortError" });

test("gives the value of the work, or its error", async () => {
  await messages(async () => {
    expect(await abortable(async () => "value")).toBe("value");
    await expect(abortable(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  });
});

for (const [title, end, expected] of [
  ["the reason", (reason: unknown) => reason, "cancelled CancelledError: enough"],
  ["an AbortError", abortError, "cancelled CancelledError: enough"],
  [
    "an error that has the reason for its cause",
    (reason: unknown) => new Error("query failed", { cause: reason }),
    "cancelled CancelledError: enough",
  ],
  ["an error of its own", () => new Error("a defect"), "failed Error: a defect"],
  ["a value", () => "value", "ended value"],
] as const) {
  test(`cancelled, it aborts and waits; work that then ends with ${title}: ${expected}`, async () => {
    const log = await messages(async ({ log }) => {
      const task = createTask(() =>
        abortable((signal) =>
          work(signal, (reason) => {
            log("the work has ended");
            return end(reason);
          }),
        ),
      );
      await sleep(0);
      await sleep(0);
      task.cancel("enough");
      await task.then(
        (value) => log(`ended ${value}`),
        (error: unknown) => log(`${task.cancelled() ? "cancelled" : "failed"} ${String(error)}`),
      );
    });
    expect(log).toEqual(["the work has ended", expected]);
  });
}

test("what the work awaits of the loop's is cancelled with it, and the task finds one CancelledError", async () => {
  const log = await traced(async ({ log }) => {
    const task = createTask(async () => {
      try {
        await abortable(async () => {
          await sleep(1000).catch((error: unknown) => {
            log(`inside: ${String(error)}`);
            throw error;
          });
        });
      } catch (error) {
        log(`outside: ${String(error)}`);
        await sleep(0);
        log("cleaned up");
      }
    });
    await sleep(0);
    await sleep(0);
    task.cancel("enough");
    await task;
  });
  expect(log).toEqual([
    [0, "inside: CancelledError: enough"],
    [0, "outside: CancelledError: enough"],
    [0, "cleaned up"],
  ]);
});

test("an abort of its option is handed on, and its reason is thrown", async () => {
  await messages(async () => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    const waiting = abortable((signal) => work(signal, abortError), controller);
    controller.abort(reason);
    expect(await waiting.catch((error: unknown) => error)).toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    // The work is begun all the same, and told: it may have something to undo.
    const early = abortable(async (signal) => signal.throwIfAborted(), {
      signal: AbortSignal.abort(new CancelledError("before")),
    });
    await expect(early).resolves.toBeUndefined();
  });
});

test("needs a loop, and a function that returns a promise", async () => {
  expect(() => abortable(async () => {})).toThrow(NoLoopError);
  await messages(async () => {
    expect(() => abortable((() => 42) as never)).toThrow(WrongFlavorError);
    expect(() => abortable(42 as never)).toThrow(WrongFlavorError);
    expect(() => abortable(function* () {} as never)).toThrow("asLoop");
    expect(() =>
      abortable(() => {
        throw new Error("at once");
      }),
    ).toThrow("at once");
  });
});
