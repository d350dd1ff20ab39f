import type { ExceptionGroup } from "@trestle/host";
import { CancelledError, currentTask, sleep, timeout, TimeoutError } from "@trestle/loop";
import {
  CancelScope,
  currentTask as currentStructuredTask,
  openNursery,
  sleep as structuredSleep,
  type Operation,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asLoop, asStructured } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

function inLoop<T>(main: () => Promise<T>): () => Operation<T> {
  return () => asStructured(main)();
}

const nursery = asLoop({ hold: openNursery });

/** A structured resource that logs, and takes five milliseconds to open and to close. */
function slow(log: (message: string) => void) {
  return asLoop({
    *enter() {
      yield* structuredSleep(5);
      log("entered");
      return "value";
    },
    *exit(...args: unknown[]) {
      log(args.length === 0 ? "leaving" : `leaving with ${String(args[0])}`);
      yield* structuredSleep(5);
      log("left");
    },
  });
}

describe("a resource that is open in loop code", () => {
  test("is entered, and left by 'await using' (defect 2)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(
      inLoop(async () => {
        {
          await using held = await slow(log).open();
          log(held.value);
          await sleep(10);
        }
        log("over");
      }),
    );
    expect(trace.entries).toEqual([
      [5, "entered"],
      [5, "value"],
      [15, "leaving"],
      [20, "left"],
      [20, "over"],
    ]);
  });

  test("is entered and left in one structured task (defect 2)", async () => {
    const { run } = virtualBridge();
    const tasks: unknown[] = [];
    const resource = asLoop({
      *enter() {
        tasks.push(currentStructuredTask());
      },
      *exit() {
        tasks.push(currentStructuredTask());
      },
    });
    await run(
      inLoop(async () => {
        const held = await resource.open();
        await sleep(5);
        await held.close();
      }),
    );
    expect(tasks[0]).toBe(tasks[1]);
  });

  test("may be a nursery, which waits for its children (defect 2: it corrupted the loop)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(
      inLoop(async () => {
        {
          await using held = await nursery.open();
          held.value.startSoon(function* () {
            yield* structuredSleep(10);
            log("child");
          });
        }
        log("over");
      }),
    );
    expect(trace.entries).toEqual([
      [10, "child"],
      [10, "over"],
    ]);
  });

  test("interrupts its holder where a child of the nursery fails, and throws the failure when it is closed", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the child");
    await run(
      inLoop(async () => {
        const held = await nursery.open();
        held.value.startSoon(function* () {
          yield* structuredSleep(10);
          throw error;
        });
        try {
          await sleep(100);
        } catch (given) {
          log(`interrupted: ${given instanceof CancelledError}`);
        }
        const group = await rejectionOf(held.close());
        expect((group as ExceptionGroup).errors).toEqual([error]);
        expect(currentTask()?.cancelling()).toBe(0);
        await sleep(5);
        log("goes on");
      }),
    );
    expect(trace.entries).toEqual([
      [10, "interrupted: true"],
      [15, "goes on"],
    ]);
  });

  test("is not interrupted by a cancellation just before it closes", async () => {
    const { run, log, trace } = virtualBridge();
    await run(
      inLoop(async () => {
        {
          await using held = await nursery.open();
          held.value.startSoon(structuredSleep, 100);
          held.value.cancelScope.cancel();
        }
        await sleep(5);
        log("goes on");
      }),
    );
    expect(trace.entries).toEqual([[5, "goes on"]]);
  });

  test("hears of the error that it is closed with", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the holder");
    await run(
      inLoop(async () => {
        const held = await slow(log).open();
        await expect(rejectionOf(held.close(error))).resolves.toBe(error);
        const group = await nursery.open();
        group.value.startSoon(function* () {
          try {
            yield* structuredSleep(100);
          } finally {
            log("child is cancelled");
          }
        });
        const thrown = await rejectionOf(group.close(error));
        expect((thrown as ExceptionGroup).errors).toEqual([error]);
      }),
    );
    expect(trace.messages).toEqual([
      "entered",
      "leaving with Error: of the holder",
      "left",
      "child is cancelled",
    ]);
  });

  test("is left once, however often it is closed", async () => {
    const { run, log, trace } = virtualBridge();
    await run(
      inLoop(async () => {
        await using held = await slow(log).open();
        const closed = held.close();
        expect(held.close()).toBe(closed);
        await closed;
      }),
    );
    expect(trace.messages).toEqual(["entered", "leaving", "left"]);
  });

  test("is left when its holder has ended, though nobody closed it", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* () {
      yield* asStructured(async () => void (await slow(log).open()))();
      yield* structuredSleep(20);
      log("over");
    });
    expect(trace.entries).toEqual([
      [5, "entered"],
      [5, "leaving"],
      [10, "left"],
      [25, "over"],
    ]);
  });

  test("that a plain callback has opened is left at the end of the block", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.callSoon(() => void slow(log).open());
      yield* structuredSleep(20);
      log("over");
    });
    expect(trace.messages.map((message) => message.split(":")[0])).toEqual([
      "entered",
      "over",
      "leaving with Cancelled",
    ]);
  });
});

describe("the opening", () => {
  test("fails as entering does, and there is nothing to close", async () => {
    const { run } = virtualBridge();
    const error = new Error("no way in");
    const resource = asLoop({
      *enter(): Operation<never> {
        throw error;
      },
      *exit() {},
    });
    await run(
      inLoop(async () => {
        await expect(rejectionOf(resource.open())).resolves.toBe(error);
      }),
    );
  });

  test("is cancelled with who awaits it, and stays pending until the entering has ended", async () => {
    const { run, log, trace } = virtualBridge();
    const resource = asLoop({
      *enter() {
        try {
          yield* structuredSleep(100);
        } finally {
          yield* new CancelScope({ shield: true }).run(() => structuredSleep(5));
          log("unwound");
        }
      },
      *exit() {
        log("left");
      },
    });
    await run(
      inLoop(async () => {
        await expect(timeout(10, () => resource.open())).rejects.toBeInstanceOf(TimeoutError);
        log("timed out");
      }),
    );
    expect(trace.entries).toEqual([
      [15, "unwound"],
      [15, "timed out"],
    ]);
  });

  test("is refused by a block form that does not call its body", async () => {
    const { run } = virtualBridge();
    // oxlint-disable-next-line require-yield -- it does nothing
    const odd = asLoop({ *hold(_body: (value: number) => Operation<never>): Operation<void> {} });
    await expect(run(inLoop(async () => void (await odd.open())))).rejects.toThrow(
      /^Cannot hold an Object: its 'hold' has ended and not called the body/,
    );
  });
});

test("the end of the block waits for a holder who unwinds, and then leaves the resource", async () => {
  const { run, log, trace } = virtualBridge();
  await run(function* (loop) {
    void loop.createTask(async () => {
      await using held = await slow(log).open();
      try {
        await sleep(100);
      } finally {
        await sleep(5);
        log(`holder ends with its ${held.value}`);
      }
    });
    yield* structuredSleep(10);
  });
  expect(trace.entries.map(([at, message]) => `${at} ${message.split(" with")[0]}`)).toEqual([
    "5 entered",
    "15 holder ends",
    "15 leaving",
  ]);
});
