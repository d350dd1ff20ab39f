// A task on its way: spawned by a nursery, ready, its turns, parked and woken, and its exit back to the nursery.
import { success } from "@trestle/host";
import { expect, test } from "vitest";
import {
  checkpoint,
  moveOnAfter,
  openNursery,
  sleep,
  type Operation,
  type TaskStatus,
} from "../../src/index.js";
import { suspend } from "../../src/suspend.js";
import { virtualRun } from "../virtual-run.js";

test("goes from its start to its first turn, to a wait, back, and out to whoever joins and the nursery", async () => {
  const { run, host, trace, log } = virtualRun();
  const child = function* (): Operation<string> {
    log("child: first turn");
    yield* checkpoint();
    log("child: second turn");
    const value = yield* suspend<string>((resume) => {
      log("child: armed");
      host.at(10, () => {
        log("host: resume");
        resume(success("value"));
      });
      return () => "withdrawn";
    }, "a timer");
    log(`child: resumed with ${value}`);
    return "result";
  };
  await run(function* () {
    const value = yield* openNursery(function* (nursery) {
      const task = nursery.startSoon(child);
      log("body: started it");
      const joined = yield* task.join();
      log(`body: joined ${joined}`);
      return joined;
    });
    log(`main: ${value}`);
  });
  expect(trace.entries).toEqual([
    [0, "body: started it"],
    [0, "child: first turn"],
    [0, "child: second turn"],
    [0, "child: armed"],
    [10, "host: resume"],
    [10, "child: resumed with value"],
    [10, "body: joined result"],
    [10, "main: result"],
  ]);
});

test("unwinds through a failing sibling, its own finally, and the nursery, in that order", async () => {
  const { run, trace, log } = virtualRun();
  await run(function* () {
    try {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          try {
            yield* sleep(1000);
          } finally {
            log("sibling: finally");
          }
        });
        nursery.startSoon(function* () {
          yield* sleep(10);
          log("failing: throws");
          throw new Error("of a child");
        });
        try {
          yield* sleep(1000);
        } finally {
          log("body: finally");
        }
      });
    } catch (error) {
      log(`main: ${(error as Error).message}`);
    }
  });
  expect(trace.entries).toEqual([
    [10, "failing: throws"],
    [10, "body: finally"],
    [10, "sibling: finally"],
    [10, "main: 1 error in the nursery of task 'main'"],
  ]);
});

test("moves from its caller to its nursery when it reports, with the scopes that it has open", async () => {
  const { run, trace, log } = virtualRun();
  const server = function* (status: TaskStatus<string>): Operation<void> {
    const { cancelledCaught } = yield* moveOnAfter(30, function* () {
      yield* sleep(10);
      status.started("ready");
      yield* sleep(1000);
    });
    log(`server: its own deadline ${cancelledCaught ? "held" : "was lost"}`);
  };
  await run(function* () {
    yield* openNursery(function* (nursery) {
      yield* moveOnAfter(20, function* () {
        log(`caller: ${yield* nursery.start(server)}`);
        yield* sleep(1000);
      });
      log("caller: its deadline did not reach the server");
    });
    log("main: ends");
  });
  expect(trace.entries).toEqual([
    [10, "caller: ready"],
    [20, "caller: its deadline did not reach the server"],
    [30, "server: its own deadline held"],
    [30, "main: ends"],
  ]);
});
