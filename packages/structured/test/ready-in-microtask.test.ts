import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { readyInMicrotask } from "../src/ready-in-microtask.js";
import { Runner } from "../src/runner.js";
import type { TaskRecord } from "../src/task-record.js";

/** A host that says whether it lets a microtask have a tick, and notes what it is asked for. */
class MicrotaskHost extends VirtualHost {
  readonly asked: string[] = [];
  readonly #lets: boolean;

  constructor(lets: boolean) {
    super();
    this.#lets = lets;
  }

  override soon(_callback: () => void): void {
    this.asked.push("soon");
  }

  admitsMicrotask(): boolean {
    this.asked.push("at once");
    return this.#lets;
  }
}

/** What a runner asks its host for when a task, or none, is woken so. */
function askedOf(host: MicrotaskHost, wake: (runner: Runner) => void): string[] {
  const runner = new Runner({ host, crashed: () => {} });
  readyInMicrotask(runner, { wake: () => wake(runner) });
  return host.asked;
}

const readyTask = (runner: Runner): void => runner.ready({ nextReady: null } as TaskRecord);

test("a tick comes at once where the host lets it", () => {
  expect(askedOf(new MicrotaskHost(true), readyTask)).toEqual(["at once"]);
});

test("else the host is asked for one, as always", () => {
  expect(askedOf(new MicrotaskHost(false), readyTask)).toEqual(["at once", "soon"]);
});

test("none comes where nobody was readied", () => {
  expect(askedOf(new MicrotaskHost(true), () => {})).toEqual([]);
});

test("none more comes where one is to come already", () => {
  const host = new MicrotaskHost(true);
  const runner = new Runner({ host, crashed: () => {} });
  readyTask(runner);
  readyInMicrotask(runner, { wake: () => readyTask(runner) });
  expect(host.asked).toEqual(["soon"]);
});
