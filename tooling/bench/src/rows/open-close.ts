import { openLoop } from "@trestle/bridge";
import { run as runLoop } from "@trestle/loop";
import { run, type Operation } from "@trestle/structured";
import { keepLoop } from "../in-loop.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** A loop is opened, does nothing, and is closed. */
export const openCloseRow: Row = {
  name: "open-close",
  title: "open an event loop and close it",
  unit: "ns",
  per: "loop",
  count: "calibrated",
  step: 10,
  notes: ["Another loop is open meanwhile, so that the platform's async context stays on."],
  contenders: [
    {
      library: "Trestle",
      code: "yield* openLoop(body)",
      measure: (count) => {
        keepLoop();
        return timed(() =>
          run(function* () {
            for (let i = 0; i < count; i++) yield* openLoop(nothing);
          }),
        );
      },
    },
    {
      library: "Trestle",
      code: "run(main) of @trestle/loop",
      measure: (count) => {
        keepLoop();
        return timed(async () => {
          for (let i = 0; i < count; i++) await runLoop(nothingAsync);
        });
      },
    },
  ],
};

function* nothing(): Operation<void> {}

async function nothingAsync(): Promise<void> {}
