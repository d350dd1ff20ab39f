import { VirtualHost, type Stage } from "@trestle/testing";
import { gather } from "../src/gather.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";
import { TimeoutError } from "../src/timeout-error.js";
import { timeout } from "../src/timeout.js";

/** A step of the stage on the loop. */
export type LoopStep = () => PromiseLike<unknown>;

/** A Stage on a loop of its own, for the shared behaviours of locks and queues. */
export function loopStage(): Stage<LoopStep> {
  const host = new VirtualHost();
  return {
    play: (...tasks) =>
      run(
        async () => {
          await gather(tasks.map((steps) => () => runSteps(steps)));
        },
        { host },
      ),
    now: () => host.now(),
    sleep: (ms) => () => sleep(ms),
    call: (action) => async () => action(),
    cancelAfter: (ms, steps) => async () => {
      try {
        await timeout(ms, () => runSteps(steps));
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    },
  };
}

async function runSteps(steps: readonly LoopStep[]): Promise<void> {
  for (const step of steps) await step();
}
