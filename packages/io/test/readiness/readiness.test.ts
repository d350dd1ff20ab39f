import { closeSync } from "node:fs";
import { ArgumentError, type Outcome } from "@trestle/host";
import { waitBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  notifyClosing,
  readinessStatistics,
  whenReadable,
  whenWritable,
} from "../../src/readiness/readiness.js";
import { BusyResourceError, ClosedResourceError } from "../../src/resource-errors.js";
import { addon, fill, hasAddon, openPipe, poke } from "../open-pair.js";

async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

function emptyPipe(): [number, number] {
  return addon().pipe() as [number, number];
}

describe.skipIf(!hasAddon)("a wait for a descriptor", () => {
  describe("for reading", () => {
    const open = () => {
      const [reading, writing] = emptyPipe();
      return { wait: whenReadable(reading), finish: () => poke(writing), settle };
    };
    for (const { title, run } of waitBehaviours(open)) test(title, run);
  });

  describe("for writing", () => {
    const open = () => {
      const [reading, writing] = emptyPipe();
      fill(writing);
      addon().setBlocking(reading, false);
      const finish = () => void addon().read(reading, new Uint8Array(1_000_000));
      return { wait: whenWritable(writing), finish, settle };
    };
    for (const { title, run } of waitBehaviours(open)) test(title, run);
  });

  test("fails where somebody waits already, and can be armed again", () => {
    const [reading] = openPipe();
    const wait = whenReadable(reading);
    const abort = wait(() => {});
    const outcomes: Outcome<void>[] = [];
    wait((outcome) => outcomes.push(outcome));
    expect(outcomes).toEqual([{ ok: false, error: expect.any(BusyResourceError) }]);
    expect(abort("enough")).toBe("withdrawn");
    expect(wait(() => {})("enough")).toBe("withdrawn");
  });

  test("fails when its descriptor is about to be closed", () => {
    const [reading, writing] = openPipe();
    fill(writing);
    const outcomes: Outcome<void>[] = [];
    whenReadable({ fd: reading })(() => {});
    whenWritable(writing)((outcome) => outcomes.push(outcome));
    expect(readinessStatistics()).toMatchObject({ waitingForWriting: 1 });
    for (const fd of [reading, writing]) {
      notifyClosing(fd);
      closeSync(fd);
    }
    expect(outcomes).toEqual([{ ok: false, error: expect.any(ClosedResourceError) }]);
    expect(readinessStatistics()).toMatchObject({ waitingForReading: 0, waitingForWriting: 0 });
  });
});

test("what is no descriptor is refused at the call", () => {
  for (const call of [whenReadable, whenWritable, notifyClosing]) {
    expect(() => call("5" as never)).toThrow(ArgumentError);
  }
});
