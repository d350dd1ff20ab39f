import type { DeadlockError } from "@trestle/host";
import { hostBehaviours, Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { checkpoint, run } from "../../src/index.js";
import { StoppableHost } from "../../src/testing/stoppable-host.js";

/** Resolves at that instant of the host's time. */
function until(host: VirtualHost, when: number): Promise<void> {
  return new Promise((resolve) => {
    host.at(when, resolve);
  });
}

describe("a host that can be stopped", () => {
  for (const { title, run: show } of hostBehaviours(() => ({
    host: new StoppableHost(new VirtualHost()),
  }))) {
    test(title, show);
  }

  test("calls nothing back once it is stopped", async () => {
    const below = new VirtualHost();
    const host = new StoppableHost(below);
    const trace = new Trace();
    host.soon(() => trace.log("soon"));
    host.at(10, () => trace.log("at"));
    host.stop();
    host.soon(() => trace.log("soon, later"));
    host.at(20, () => trace.log("at, later"));
    await until(below, 100);
    expect(trace.messages).toEqual([]);
  });

  test("lets go of what it has held, also afterwards", () => {
    const below = new VirtualHost();
    const host = new StoppableHost(below);
    const release = host.hold("before");
    expect(below.held).toEqual(["before"]);
    host.stop();
    host.hold("after");
    release();
    expect(below.held).toEqual([]);
  });

  test("takes out those who watch, so that what is left behind is not reported", async () => {
    const below = new VirtualHost();
    const host = new StoppableHost(below);
    const reports: DeadlockError[] = [];
    host.watch({ stuck: () => ["a line"], deadlock: (error) => void reports.push(error) });
    host.stop();
    await until(below, 10);
    below.soon(() => {});
    await until(below, 20);
    expect(reports).toEqual([]);
  });

  test("leaves behind a run that would spin for ever", async () => {
    const below = new VirtualHost();
    const host = new StoppableHost(below);
    let rounds = 0;
    void run(
      function* () {
        for (;;) {
          yield* checkpoint();
          if (++rounds === 1000) host.stop();
        }
      },
      { host },
    );
    // It comes only when nothing is ready any more.
    await until(below, 1);
    expect(rounds).toBeGreaterThanOrEqual(1000);
  });
});
