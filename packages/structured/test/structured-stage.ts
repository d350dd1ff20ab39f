import { VirtualHost, type Stage } from "@trestle/testing";
import { moveOnAfter, openNursery, run, sleep, type Operation } from "../src/index.js";

/** A step of the stage on the structured runtime. */
export type StructuredStep = () => Operation<unknown>;

/** A Stage on a run of its own, for the shared behaviours of locks and queues. */
export function structuredStage(): Stage<StructuredStep> {
  const host = new VirtualHost();
  return {
    play: (...tasks) =>
      run(
        () =>
          openNursery(function* (nursery) {
            for (const steps of tasks) nursery.startSoon(runSteps, steps);
          }),
        { host },
      ),
    now: () => host.now(),
    sleep: (ms) => () => sleep(ms),
    call: (action) =>
      function* () {
        action();
      },
    cancelAfter: (ms, steps) => () => moveOnAfter(ms, () => runSteps(steps)),
  };
}

function* runSteps(steps: readonly StructuredStep[]): Operation<void> {
  for (const step of steps) yield* step();
}
