import { Event, run } from "@trestle/structured";
import { Deferred, Effect } from "effect";
import { run as runEffection, withResolvers } from "effection";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** A wait for something that has happened already, over and over. */
export const readyWaitRow: Row = {
  name: "ready-wait",
  title: "wait for what has happened already",
  unit: "ns",
  per: "wait",
  count: "calibrated",
  step: 1000,
  notes: [
    "Trestle's wait is a checkpoint all the same: others get a turn, and it can be cancelled.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "yield* event.wait()",
      measure: (count) =>
        timed(() =>
          run(function* () {
            const event = new Event();
            event.set();
            for (let i = 0; i < count; i++) yield* event.wait();
          }),
        ),
    },
    {
      library: "native",
      code: "await promise",
      measure: (count) =>
        timed(async () => {
          const { promise, resolve } = nativeResolvers();
          resolve();
          for (let i = 0; i < count; i++) await promise;
        }),
    },
    {
      library: "Effect",
      code: "yield* Deferred.await(deferred)",
      measure: (count) =>
        timed(() =>
          Effect.runPromise(
            Effect.gen(function* () {
              const deferred = yield* Deferred.make<void>();
              yield* Deferred.succeed(deferred, undefined);
              for (let i = 0; i < count; i++) yield* Deferred.await(deferred);
            }),
          ),
        ),
    },
    {
      library: "Effection",
      code: "yield* resolvers.operation",
      measure: (count) =>
        timed(() =>
          runEffection(function* () {
            const resolvers = withResolvers<void>();
            resolvers.resolve();
            for (let i = 0; i < count; i++) yield* resolvers.operation;
          }),
        ),
    },
  ],
};

function nativeResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
