import { success, type Host } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { checkpoint, openNursery, run, type Operation } from "../src/index.js";
import { microtaskDoor, suspend } from "../src/lowlevel.js";
import { NoRunError } from "../src/no-run-error.js";

/** Waits for a microtask that comes through the door, and tells whether the task went on before whatever else was asked for. */
function* throughDoor(beside: (host: Host) => void = () => {}): Operation<readonly string[]> {
  const log: string[] = [];
  yield* suspend<void>((resume) => {
    const through = microtaskDoor();
    void Promise.resolve().then(() => {
      through({ wake: () => resume(success()) });
      log.push("woken");
    });
    beside(platform);
    return () => "withdrawn";
  }, "a microtask");
  log.push("went on");
  return log;
}

/** A host on which microtasks may go on at once, and that tells how much it was asked for. */
class Platform extends VirtualHost {
  waiting = 0;

  override soon(callback: () => void): void {
    this.waiting++;
    super.soon(() => {
      this.waiting--;
      callback();
    });
  }

  admitsMicrotask(besides = 0): boolean {
    return this.waiting <= besides;
  }
}

let platform = new Platform();

async function runOnPlatform<T>(operation: () => Operation<T>): Promise<T> {
  platform = new Platform();
  return await run(operation, { host: platform });
}

test("the task goes on in the microtask", async () => {
  expect(await runOnPlatform(() => throughDoor())).toEqual(["went on", "woken"]);
});

test("it passes over one turn that somebody has asked for, and not two", async () => {
  const ask = (host: Host): void => host.soon(() => {});
  expect(await runOnPlatform(() => throughDoor(ask))).toEqual(["went on", "woken"]);
  const askTwice = (host: Host): void => {
    ask(host);
    ask(host);
  };
  expect(await runOnPlatform(() => throughDoor(askTwice))).toEqual(["woken", "went on"]);
});

test("it goes on in the run's turn where something is ready there", async () => {
  const log = await runOnPlatform(() =>
    openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        for (let i = 0; i < 1000; i++) yield* checkpoint();
      });
      return yield* throughDoor();
    }),
  );
  expect(log).toEqual(["woken", "went on"]);
});

test("on a host that knows no microtasks it goes on in the next turn", async () => {
  expect(await run(() => throughDoor(), { host: new VirtualHost() })).toEqual(["woken", "went on"]);
});

test("outside of a run there is no door", () => {
  expect(() => microtaskDoor()).toThrow(NoRunError);
});
