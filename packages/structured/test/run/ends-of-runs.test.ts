import { DeadlockError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { Event, fromPromise, moveOnAfter, named, run, sleep } from "../../src/index.js";
import { currentHost } from "../../src/lowlevel.js";
import { isEndBeside, noteEnd } from "../../src/run/ends-of-runs.js";
import { GuestHost } from "../../src/guest-host.js";
import type { RunState } from "../../src/run/run-state.js";
import { Runner } from "../../src/runner.js";
import { rejectionOf } from "../rejection-of.js";

test("a task that waits for a run on its host does not stop the clock of both", async () => {
  const host = new VirtualHost();
  const inner = run(() => sleep(10), { host });
  await run(() => fromPromise(inner), { host });
  expect(host.now()).toBe(10);
});

test("nor does one that waits for a run inside of its own", async () => {
  const host = new VirtualHost();
  await run(() => fromPromise(run(() => sleep(10), { host: currentHost() })), { host });
  expect(host.now()).toBe(10);
});

test("two runs of which one waits for the other are told of a deadlock, with the lines of both", async () => {
  const host = new VirtualHost();
  const inner = run(
    named("inner", () => new Event().wait()),
    { host },
  );
  const outer = run(
    named("outer", () => fromPromise(inner)),
    { host },
  );
  const error = await rejectionOf(outer);
  expect(error).toBeInstanceOf(DeadlockError);
  expect((error as DeadlockError).parked).toEqual([
    "task 'inner' waits for an event",
    "task 'outer' waits for a promise",
  ]);
  expect(await rejectionOf(inner)).toBe(error);
});

test("letting go of the other run, by a deadline, is as ever", async () => {
  const host = new VirtualHost();
  const inner = run(() => sleep(10), { host });
  await run(() => moveOnAfter(5, () => fromPromise(inner)), { host });
  expect(host.now()).toBe(5);
  await inner;
  expect(host.now()).toBe(10);
});

test("a run on another host is one of somebody else", () => {
  const host = new VirtualHost();
  const runner = new Runner({ host, crashed: () => {} });
  const [beside, inside, elsewhere, plain] = [{}, {}, {}, {}];
  noteEnd(beside, host);
  runner.guests = new GuestHost({ runner } as RunState);
  noteEnd(inside, runner.guests);
  noteEnd(elsewhere, new VirtualHost());
  expect([beside, inside, elsewhere, plain].map((promise) => isEndBeside(promise, runner))).toEqual(
    [true, true, false, false],
  );
});
