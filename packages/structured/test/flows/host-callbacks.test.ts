// What code outside of any run may do to one, in plain callbacks of the host: a run is a guest of its host, and wakes up for
// whatever is done to it.
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  currentTask,
  Event,
  openMemoryChannel,
  openNursery,
  sleep,
  sleepForever,
  type Nursery,
  type SendChannel,
  type Task,
} from "../../src/index.js";
import { virtualRun } from "../virtual-run.js";

describe("a plain callback", () => {
  test("sets an event that a task waits for (GUEST-6, T118)", async () => {
    const { run, host, trace, log } = virtualRun();
    const event = new Event();
    host.at(10, () => {
      event.set();
      log("set");
    });
    await run(function* () {
      yield* event.wait();
      log("woken");
    });
    expect(trace.entries).toEqual([
      [10, "set"],
      [10, "woken"],
    ]);
  });

  test("cancels a scope, and a task by its handle", async () => {
    const { run, host, trace, log } = virtualRun();
    const scope = new CancelScope();
    let task: Task<unknown> | undefined;
    host.at(10, () => scope.cancel());
    host.at(20, () => task?.cancel());
    await run(function* () {
      yield* scope.run(sleepForever);
      log("cancelled");
      yield* openNursery(function* (nursery) {
        task = nursery.startSoon(sleepForever);
      });
      log("its task cancelled");
    });
    expect(trace.entries).toEqual([
      [10, "cancelled"],
      [20, "its task cancelled"],
    ]);
  });

  test("moves a deadline to the past, and the run notices at once (T119)", async () => {
    const { run, host, trace, log } = virtualRun();
    const next = new CancelScope({ relativeDeadline: 1000 });
    const later = new CancelScope({ relativeDeadline: 5000 });
    host.at(5, () => {
      // Not the next one: nothing happens.
      later.deadline = 4000;
    });
    host.at(10, () => {
      next.deadline = -1;
    });
    host.at(20, () => {
      later.relativeDeadline = 10;
    });
    await run(() =>
      later.run(function* () {
        yield* next.run(sleepForever);
        log("the next deadline came");
        yield* sleepForever();
      }),
    );
    log("the later deadline came");
    expect(trace.entries).toEqual([
      [10, "the next deadline came"],
      [30, "the later deadline came"],
    ]);
  });

  test("starts a child, which has its first turn later, and sends without waiting", async () => {
    const { run, host, trace, log } = virtualRun();
    let nursery: Nursery | undefined;
    let send: SendChannel<string> | undefined;
    host.at(10, () => {
      nursery?.startSoon(function* child() {
        log(`${currentTask().name} begins`);
        yield* checkpoint();
      });
      log("started");
    });
    host.at(20, () => {
      send?.sendNowait("value");
      send?.close();
    });
    await run(() =>
      openNursery(function* (opened) {
        nursery = opened;
        const [sender, receiver] = openMemoryChannel<string>(1);
        send = sender;
        log(yield* receiver.receive());
      }),
    );
    expect(trace.entries).toEqual([
      [10, "started"],
      [10, "child begins"],
      [20, "value"],
    ]);
  });

  test("that does nothing to a run leaves it parked (LOOP-13)", async () => {
    const { run, host, trace, log } = virtualRun();
    for (const at of [1, 2, 3]) host.at(at, () => {});
    await run(function* () {
      yield* sleep(10);
      log("woken");
    });
    expect(trace.entries).toEqual([[10, "woken"]]);
  });

  test("inside of another run's turn does the same (several runs on one host)", async () => {
    const { run, trace, log } = virtualRun();
    const event = new Event();
    const scope = new CancelScope();
    const first = run(function* () {
      yield* event.wait();
      log("set by the other run");
      yield* scope.run(sleepForever);
      log("cancelled by the other run");
    });
    await run(function* () {
      yield* sleep(10);
      event.set();
      yield* sleep(10);
      scope.cancel();
    });
    await first;
    expect(trace.entries).toEqual([
      [10, "set by the other run"],
      [20, "cancelled by the other run"],
    ]);
  });
});
