// Everything is parked, on both sides of the border: the run is unwound, and says on what it was stuck.
import { DeadlockError } from "@trestle/host";
import { Future, sleep } from "@trestle/loop";
import {
  CancelScope,
  Event,
  named,
  openNursery,
  run as runStructured,
  sleep as structuredSleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { currentHost } from "@trestle/structured/lowlevel";
import { describe, expect, test } from "vitest";
import { asLoop, asStructured, awaitFuture, currentLoop, openLoop } from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualBridge } from "../virtual-bridge.js";

const shielded = <T>(body: () => Operation<T>): Operation<unknown> =>
  new CancelScope({ shield: true }).run(body);

async function parkedOf(promise: Promise<unknown>): Promise<readonly string[]> {
  const error = await rejectionOf(promise);
  expect(error).toBeInstanceOf(DeadlockError);
  return (error as DeadlockError).parked;
}

describe("the report", () => {
  test("names the wait for a Future that nobody sets", async () => {
    const { run } = virtualBridge();
    const main = named("main", () => awaitNobody());
    const parked = await parkedOf(run(main));
    expect(parked).toEqual([
      "task 'main' waits for the reply",
      "task 'loop' waits for the end of the block of openLoop",
      "the event loop runs until 'stop' is called",
    ]);
  });

  test("names the waits of both sides", async () => {
    const { run } = virtualBridge();
    const load = asStructured(async function load() {
      await new Future<void>({ description: "the reply" });
    });
    const watch = asLoop(function* watch() {
      yield* new Event().wait();
    });
    const look = asStructured(async function look() {
      await watch();
    });
    const parked = await parkedOf(
      run(
        named("main", () =>
          openNursery(function* (nursery) {
            nursery.startSoon(named("crawler", () => load()));
            yield* look();
          }),
        ),
      ),
    );
    expect(parked.toSorted()).toEqual([
      "task 'crawler' waits for async function 'load'",
      "task 'load' waits for the reply",
      "task 'look' waits for structured function 'watch'",
      "task 'loop' waits for the end of the block of openLoop",
      "task 'main' waits for async function 'look'",
      "task 'watch' waits for an event",
    ]);
  });

  test("names the loop tasks that a body without a wait of its own leaves behind", async () => {
    const { run } = virtualBridge();
    const parked = await parkedOf(
      run(
        named("main", function* (loop) {
          void loop.createTask(async function stubborn() {
            for (;;) await new Future<void>({ description: "the reply" }).catch(() => {});
          });
          yield* structuredSleep(1);
        }),
      ),
    );
    expect(parked).toEqual([
      "task 'loop' waits for the end of the block of openLoop",
      "task 'main' waits for the end of task 'stubborn' in the loop of openLoop",
      "task 'stubborn' waits for the reply",
    ]);
  });

  test("names several loops", async () => {
    const { run } = virtualBridge();
    const parked = await parkedOf(
      run(
        named("main", () =>
          openLoop(function* (inner) {
            yield* awaitFuture(inner.createFuture("the inner reply"));
          }),
        ),
      ),
    );
    expect(parked.filter((line) => line.includes("'main'"))).toEqual([
      "task 'main' waits for the inner reply",
    ]);
  });
});

describe("the unwinding", () => {
  test("runs all cleanup first, on both sides, and the report comes out as it is", async () => {
    const { run, log, trace } = virtualBridge();
    const load = asStructured(async () => {
      try {
        await new Future<void>();
      } finally {
        await sleep(5);
        log("loop code cleaned up");
      }
    });
    await parkedOf(
      run(function* () {
        try {
          yield* load();
        } finally {
          yield* shielded(() => structuredSleep(5));
          log("structured code cleaned up");
        }
      }),
    );
    log("the run has ended");
    expect(trace.entries).toEqual([
      [5, "loop code cleaned up"],
      [10, "structured code cleaned up"],
      [10, "the run has ended"],
    ]);
  });

  test("ends with the block closed, so that nothing of the loop is left", async () => {
    const { run } = virtualBridge();
    let isClosed = (): boolean => false;
    await parkedOf(
      run(function* (loop) {
        isClosed = () => loop.isClosed();
        yield* sleepForever();
      }),
    );
    expect(isClosed()).toBe(true);
  });

  test("throws the report into loop tasks that get stuck once more, and still comes out as it is", async () => {
    const { run, log, trace } = virtualBridge();
    const parked = await parkedOf(
      run(
        named("main", function* (loop) {
          void loop.createTask(async function stuckInCleanup() {
            try {
              await new Future<void>({ description: "the reply" });
            } finally {
              await new Future<void>({ description: "the farewell" }).catch((error: unknown) => {
                log((error as Error).name);
                throw error;
              });
            }
          });
          yield* sleepForever();
        }),
      ),
    );
    expect(trace.messages).toEqual(["DeadlockError"]);
    expect(parked).toContain("task 'stuckInCleanup' waits for the reply");
  });

  test("does not hide an error of the cleanup", async () => {
    const { run } = virtualBridge();
    const error = new Error("of the cleanup");
    const caught = await rejectionOf(
      run(function* () {
        try {
          yield* sleepForever();
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
          throw error;
        }
      }),
    );
    expect(caught).toBe(error);
  });

  test("leaves behind what does not unwind, and the run ends all the same", async () => {
    const { run } = virtualBridge();
    const parked = await parkedOf(run(named("main", () => shielded(() => awaitNobody()))));
    expect(parked).toContain("task 'main' waits for the reply");
  });
});

test("a guest of the run that takes no notice is told once, and does not keep the run", async () => {
  const { host } = virtualBridge();
  let told = 0;
  const parked = await parkedOf(
    runStructured(
      named("main", function* () {
        currentHost().watch?.({ stuck: () => ["a device waits"], deadlock: () => void told++ });
        yield* shielded(() => sleepForever());
      }),
      { host },
    ),
  );
  expect(told).toBe(1);
  expect(parked).toContain("a device waits");
});

describe("no deadlock", () => {
  test("is a body that waits for a timer of the loop", async () => {
    const { run, host } = virtualBridge();
    await run(function* (loop) {
      const reply = loop.createFuture<void>();
      loop.callLater(10, () => reply.setResult());
      yield* awaitFuture(reply);
    });
    expect(host.now()).toBe(10);
  });

  test("is a run that another one on the same host wakes", async () => {
    const { host } = virtualBridge();
    const event = new Event();
    const waiting = runStructured(() => openLoop(() => event.wait()), { host });
    await runStructured(
      function* () {
        yield* structuredSleep(10);
        event.set();
      },
      { host },
    );
    await waiting;
    expect(host.now()).toBe(10);
  });
});

function* awaitNobody(): Operation<void> {
  yield* awaitFuture(new Future<void>({ loop: currentLoop(), description: "the reply" }));
}
