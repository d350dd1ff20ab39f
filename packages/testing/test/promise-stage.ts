import type { Host } from "@trestle/host";
import type { Stage } from "../src/stage.js";
import { VirtualHost } from "../src/virtual-host.js";

/** A step of the stage on promises: it ends early, with an error, when the signal says so. */
export type PromiseStep = (signal: AbortSignal) => Promise<void>;

/** A Stage without any runtime: native promises on virtual time, given up through signals. */
export function promiseStage(): Stage<PromiseStep> {
  const host = new VirtualHost();
  return {
    play: (...tasks) =>
      new Promise<void>((resolve, reject) => {
        // Steps that wait for ever are a failure, not a test that hangs.
        const unwatch = host.watch({ stuck: () => ["a task of the stage"], deadlock: reject });
        Promise.all(tasks.map((steps) => runSteps(steps, new AbortController().signal)))
          .finally(unwatch)
          .then(() => resolve(), reject);
      }),
    now: () => host.now(),
    sleep: (ms) => (signal) => sleep(host, ms, signal),
    call: (action) => async () => action(),
    cancelAfter: (ms, steps) => (signal) => cancelAfter(host, ms, steps, signal),
  };
}

async function runSteps(steps: readonly PromiseStep[], signal: AbortSignal): Promise<void> {
  for (const step of steps) {
    signal.throwIfAborted();
    await step(signal);
  }
}

async function sleep(host: Host, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = host.at(host.now() + ms, resolve);
    signal.addEventListener("abort", () => {
      timer.cancel();
      reject(signal.reason as Error);
    });
  });
}

async function cancelAfter(
  host: Host,
  ms: number,
  steps: readonly PromiseStep[],
  outer: AbortSignal,
): Promise<void> {
  const controller = new AbortController();
  outer.addEventListener("abort", () => controller.abort(outer.reason));
  const reason = new Error("given up");
  const timer = host.at(host.now() + ms, () => controller.abort(reason));
  try {
    await runSteps(steps, controller.signal);
  } catch (error) {
    if (error !== reason) throw error;
  } finally {
    timer.cancel();
  }
}
