import { failure, success, type Outcome, type Wait } from "@trestle/host";
import { moveOnAfter, run, sleep } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { held } from "../../src/structured/held.js";

/** A wait that real time ends: a virtual clock that passed it by would be seen. */
function ends(outcome: Outcome<string>): Wait<string> {
  return (resume) => {
    const immediate = setImmediate(() => resume(outcome));
    return () => {
      clearImmediate(immediate);
      return "withdrawn";
    };
  };
}

test.each([success("done"), failure(new Error("broken"))])(
  "a virtual clock stands still meanwhile: $ok",
  async (outcome) => {
    const host = new VirtualHost();
    const times: unknown[] = [];
    await run(
      function* () {
        const { value } = yield* moveOnAfter(1000, function* () {
          try {
            return yield* suspend(held(ends(outcome), "something outside"), "something");
          } catch (error) {
            return (error as Error).message;
          }
        });
        times.push(value, host.now(), host.held);
        yield* sleep(5);
        times.push(host.now());
      },
      { host },
    );
    expect(times).toEqual([outcome.ok ? "done" : "broken", 0, [], 5]);
  },
);

test("lets go of it when it is cancelled, unless it is committed", async () => {
  const host = new VirtualHost();
  await run(
    function* () {
      for (const abortion of ["withdrawn", "committed"] as const) {
        const wait: Wait<void> = (resume) => (cancelled) => {
          if (abortion === "committed") {
            host.soon(() => {
              expect(host.held).toEqual(["a device"]);
              resume(failure(cancelled));
            });
          }
          return abortion;
        };
        yield* moveOnAfter(0, () => suspend(held(wait, "a device"), "it"));
        expect(host.held).toEqual([]);
      }
    },
    { host },
  );
});
