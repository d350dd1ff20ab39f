// Effect
import { Effect } from "effect";

void Effect.runPromise(
  Effect.all(
    [10, 20, 30].map((ms) => Effect.sleep(ms)),
    { concurrency: "unbounded" },
  ).pipe(Effect.timeout(1000)),
);
