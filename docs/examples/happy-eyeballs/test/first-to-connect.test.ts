import { Trace, VirtualHost } from "@trestle/testing";
import { isCancelled, run, sleep, sleepForever, type Operation } from "@trestle/structured";
import { expect, test } from "vitest";
import { firstToConnect } from "../src/first-to-connect.js";

/** What a target does: answers or fails after a time, or never does either. */
type Target = readonly [name: string, answer: "answers" | "fails" | "hangs", ms: number];

async function race(...targets: readonly Target[]): Promise<unknown[]> {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  function* connect([name, answer, ms]: Target): Operation<string> {
    trace.log(`try ${name}`);
    try {
      if (answer === "hangs") yield* sleepForever();
      yield* sleep(ms);
      if (answer === "fails") throw new Error(name);
      return name;
    } catch (error) {
      trace.log(`${name} ${isCancelled(error) ? "given up" : "failed"}`);
      throw error;
    }
  }
  function* discard(name: string): Operation<void> {
    trace.log(`discard ${name}`);
  }
  try {
    const winner = await run(() => firstToConnect(targets, 250, connect, discard), { host });
    trace.log(`won by ${winner}`);
  } catch (error) {
    const { message, errors } = error as AggregateError;
    trace.log(`${message} ${errors.map((one: Error) => one.message).join(", ")}`);
  }
  return trace.entries.map(([at, what]) => `${at} ${what}`);
}

test("takes the first target where that answers at once, and tries no other", async () => {
  expect(await race(["a", "answers", 20], ["b", "answers", 1])).toEqual(["0 try a", "20 won by a"]);
});

test("tries the next target when the one before has had its time, and gives up the slow one", async () => {
  expect(await race(["a", "hangs", 0], ["b", "answers", 20], ["c", "answers", 1])).toEqual([
    "0 try a",
    "250 try b",
    "270 a given up",
    "270 won by b",
  ]);
});

test("goes on at once when a target fails", async () => {
  expect(await race(["a", "fails", 10], ["b", "answers", 5])).toEqual([
    "0 try a",
    "10 a failed",
    "10 try b",
    "15 won by b",
  ]);
});

test("may still be won by one that was slow", async () => {
  expect(await race(["a", "answers", 260], ["b", "hangs", 0])).toEqual([
    "0 try a",
    "250 try b",
    "260 b given up",
    "260 won by a",
  ]);
});

test("closes a second connection that came at the same moment", async () => {
  expect(await race(["a", "answers", 300], ["b", "answers", 50])).toEqual([
    "0 try a",
    "250 try b",
    "300 discard b",
    "300 won by a",
  ]);
});

test("fails with all failures where no target answers", async () => {
  expect(await race(["a", "fails", 1], ["b", "fails", 2])).toEqual([
    "0 try a",
    "1 a failed",
    "1 try b",
    "3 b failed",
    "3 Cannot connect: no address answers. a, b",
  ]);
});
