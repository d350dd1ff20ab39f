// A run is a guest of its Host: promise code and plain callbacks go on beside it, wake it, and are woken by it.
import { platformHost } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  currentTime,
  Event,
  fromPromise,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  run as runOn,
  sleep,
  sleepForever,
  type Operation,
} from "../../src/index.js";
import { MockClock } from "../../src/testing/mock-clock.js";
import { waitAllTasksBlocked } from "../../src/testing/wait-all-tasks-blocked.js";
import { virtualRun } from "../virtual-run.js";

/** A promise with its resolve. */
function pending<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe("a deadline that a callback of the Host moves", () => {
  const movedTo = async (
    deadline: number,
    others: readonly number[],
  ): Promise<readonly unknown[]> => {
    const { run, host, trace, log } = virtualRun();
    const scope = new CancelScope({ deadline: 500 });
    host.at(5, () => {
      scope.deadline = deadline;
      log("moved");
    });
    await run(() =>
      openNursery(function* (nursery) {
        for (const ms of others) nursery.startSoon(() => moveOnAfter(ms, sleepForever));
        const { cancelledCaught } = yield* scope.run(sleepForever);
        log(`cancelled: ${cancelledCaught}`);
      }),
    );
    log("the run ends");
    return trace.entries;
  };

  test("into the past cancels soon, whoever's deadline would have been next (T119)", async () => {
    for (const others of [[], [100], [1000]]) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      const entries = await movedTo(-10, others);
      expect(entries.slice(0, 2)).toEqual([
        [5, "moved"],
        [5, "cancelled: true"],
      ]);
    }
  });

  test("though it is not the next one, wakes nobody before it is due (T119)", async () => {
    await expect(movedTo(300, [100])).resolves.toEqual([
      [5, "moved"],
      [300, "cancelled: true"],
      [300, "the run ends"],
    ]);
  });
});

test("turns of the Host that wake nobody do not count as being blocked for longer, nor for shorter (LOOP-13, T122)", async () => {
  const { run, host, trace, log } = virtualRun();
  for (let at = 1; at < 10; at++) host.at(at, () => host.soon(() => {}));
  await run(function* () {
    yield* waitAllTasksBlocked(10);
    log("blocked for 10 ms");
  });
  expect(trace.entries).toEqual([[10, "blocked for 10 ms"]]);
});

test("tasks and async functions play to and fro, by channels, events and promises (T124)", async () => {
  const { run, trace, log } = virtualRun();
  const [send, receive] = openMemoryChannel<number>(Infinity);
  const answers = Array.from({ length: 3 }, () => pending<number>());
  const player = async (): Promise<string> => {
    for (const [i, { promise }] of answers.entries()) {
      log(`async: ping ${i}`);
      send.sendNowait(i);
      // oxlint-disable-next-line no-await-in-loop -- one after another
      log(`async: got ${await promise}`);
    }
    send.close();
    return "played";
  };
  const result = await run(() =>
    openNursery(function* (nursery) {
      nursery.startSoon(() =>
        receive.each(function* (i) {
          log(`task: pong ${i}`);
          // No sleep: the clock stands still while somebody waits for a promise.
          yield* checkpoint();
          answers[i]?.resolve(i * i);
        }),
      );
      return yield* fromPromise(player());
    }),
  );
  expect(result).toBe("played");
  expect(trace.messages).toEqual([
    "async: ping 0",
    "task: pong 0",
    "async: got 0",
    "async: ping 1",
    "task: pong 1",
    "async: got 1",
    "async: ping 2",
    "task: pong 2",
    "async: got 4",
  ]);
});

test("a clock that jumps shows it at once, without a checkpoint (T13)", async () => {
  const clock = new MockClock();
  const times = await runOn(
    function* () {
      const before = currentTime();
      clock.jump(5);
      const after = currentTime();
      yield* sleep(0);
      return [before, after, currentTime()];
    },
    { clock },
  );
  expect(times).toEqual([0, 5, 5]);
});

test("a callback of the platform wakes a run that has nothing else to do (T118)", async () => {
  const event = new Event();
  const woken = runOn(function* (): Operation<string> {
    yield* event.wait();
    return "woken";
  });
  const release = platformHost().hold("a callback of the platform");
  setImmediate(() => {
    event.set();
    release();
  });
  await expect(woken).resolves.toBe("woken");
});
