import type { ExceptionGroup } from "@trestle/host";
import { ArgumentError, WrongFlavorError } from "@trestle/host";
import {
  CancelledError,
  currentTask,
  sleep,
  timeout,
  TimeoutError,
  type Task,
} from "@trestle/loop";
import {
  CancelScope,
  ContextVar,
  currentTask as currentStructuredTask,
  failAfter,
  isCancelled,
  Lock,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  sleep as structuredSleep,
  TooSlowError,
  type Operation,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asLoop, asStructured } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

function inLoop<T>(main: () => Promise<T>): () => Operation<T> {
  return () => asStructured(main)();
}

describe("hold of a structured resource", () => {
  test("holds a nursery around an async function, and waits for the children (defect 2)", async () => {
    const { run, log, trace } = virtualBridge();
    const value = await run(
      inLoop(async () =>
        asLoop({ hold: openNursery }).hold(async (nursery) => {
          nursery.startSoon(function* () {
            yield* structuredSleep(20);
            log("child");
          });
          await sleep(10);
          log("body");
          return "value";
        }),
      ),
    );
    expect(value).toBe("value");
    expect(trace.entries).toEqual([
      [10, "body"],
      [20, "child"],
    ]);
  });

  test("lets the children that loop code starts call loop code, with the variables of the caller", async () => {
    const { run, log, trace } = virtualBridge();
    const request = new ContextVar("request", { defaultValue: "none" });
    await run(function* () {
      request.set("r-1");
      yield* asStructured(async () =>
        asLoop({ hold: openNursery }).hold(async (nursery) => {
          nursery.startSoon(function* () {
            yield* asStructured(sleep)(5);
            log(request.get());
          });
        }),
      )();
    });
    expect(trace.entries).toEqual([[5, "r-1"]]);
  });

  test("cancels the function where a child of the nursery fails, and throws the group", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the child");
    const failing = run(
      inLoop(async () =>
        asLoop({ hold: openNursery }).hold(async (nursery) => {
          nursery.startSoon(function* () {
            yield* structuredSleep(10);
            throw error;
          });
          try {
            await sleep(100);
          } finally {
            await sleep(5);
            log("body has unwound");
          }
        }),
      ),
    );
    expect(((await rejectionOf(failing)) as ExceptionGroup).errors).toEqual([error]);
    expect(trace.entries).toEqual([[15, "body has unwound"]]);
  });

  test("cancels the children where the function fails", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the body");
    const failing = run(
      inLoop(async () =>
        asLoop({ hold: openNursery }).hold(async (nursery) => {
          nursery.startSoon(function* () {
            try {
              yield* structuredSleep(100);
            } finally {
              log("child is cancelled");
            }
          });
          await sleep(10);
          throw error;
        }),
      ),
    );
    expect(((await rejectionOf(failing)) as ExceptionGroup).errors).toEqual([error]);
    expect(trace.entries).toEqual([[10, "child is cancelled"]]);
  });

  test("holds a cancel scope, whose deadline ends the function (defect 2)", async () => {
    const { run, host } = virtualBridge();
    const limited = {
      hold: (body: (scope: CancelScope) => Operation<never>) => moveOnAfter(10, body),
    };
    const result = await run(inLoop(async () => asLoop(limited).hold(() => sleep(100))));
    expect(result).toMatchObject({ cancelledCaught: true });
    const strict = { hold: (body: () => Operation<never>) => failAfter(10, body) };
    await expect(
      rejectionOf(run(inLoop(async () => asLoop(strict).hold(() => sleep(100))))),
    ).resolves.toBeInstanceOf(TooSlowError);
    expect(host.now()).toBe(20);
  });

  test("may cancel the scope from inside", async () => {
    const { run, log, trace } = virtualBridge();
    await run(
      inLoop(async () => {
        await asLoop({
          hold: (body: (scope: CancelScope) => Operation<never>) => new CancelScope().run(body),
        }).hold(async (scope) => {
          scope.cancel();
          await sleep(100);
        });
        log("over");
        expect(currentTask()?.cancelling()).toBe(0);
      }),
    );
    expect(trace.entries).toEqual([[0, "over"]]);
  });

  test("enters and leaves in one structured task, and runs the function as a task of the loop", async () => {
    const { run } = virtualBridge();
    const tasks: unknown[] = [];
    let body: Task<unknown> | undefined;
    await run(
      inLoop(async () => {
        const resource = asLoop({
          *enter() {
            tasks.push(currentStructuredTask());
          },
          *exit() {
            tasks.push(currentStructuredTask());
          },
        });
        await resource.hold(async function work() {
          body = currentTask();
        });
      }),
    );
    expect(tasks[0]).toBe(tasks[1]);
    expect(body?.name).toBe("work");
  });

  test("is left with the function's error, and may suppress it", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the body");
    const failing = async (): Promise<never> => {
      throw error;
    };
    await run(
      inLoop(async () => {
        const pair = (isSuppressing: boolean) =>
          asLoop({
            *enter() {},
            *exit(given?: unknown) {
              log(String(given));
              return isSuppressing;
            },
          });
        expect(await pair(true).hold(failing)).toBeUndefined();
        await expect(rejectionOf(pair(false).hold(failing))).resolves.toBe(error);
        await pair(false).hold(async () => {});
      }),
    );
    expect(trace.messages).toEqual(["Error: of the body", "Error: of the body", "undefined"]);
  });

  test("cancels function and resource with the Future, which stays pending until both have ended", async () => {
    const { run, log, trace } = virtualBridge();
    const resource = asLoop({
      *enter() {},
      *exit(error?: unknown) {
        log(`leaving with a Cancelled: ${isCancelled(error)}`);
        yield* new CancelScope({ shield: true }).run(() => structuredSleep(5));
        log("left");
      },
    });
    await run(
      inLoop(async () => {
        const held = timeout(10, () =>
          resource.hold(async () => {
            try {
              await sleep(100);
            } catch (error) {
              log(`body is cancelled: ${error instanceof CancelledError}`);
              await sleep(5);
              throw error;
            }
          }),
        );
        await expect(held).rejects.toBeInstanceOf(TimeoutError);
        log("timed out");
      }),
    );
    expect(trace.entries).toEqual([
      [10, "body is cancelled: true"],
      [15, "leaving with a Cancelled: true"],
      [20, "left"],
      [20, "timed out"],
    ]);
  });

  test("holds what has 'aclose', and locks", async () => {
    const { run, log, trace } = virtualBridge();
    const stream = {
      name: "stream",
      *aclose(): Operation<void> {
        yield* structuredSleep(5);
        log("closed");
      },
    };
    const lock = new Lock();
    await run(
      inLoop(async () => {
        await asLoop(stream).hold(async ({ name }) => log(name));
        await asLoop(lock).hold(async () => log(`locked: ${lock.statistics().locked}`));
        log(`locked: ${lock.statistics().locked}`);
      }),
    );
    expect(trace.messages).toEqual(["stream", "closed", "locked: true", "locked: false"]);
  });

  test("wants an async function", async () => {
    const { run } = virtualBridge();
    await run(
      inLoop(async () => {
        const held = asLoop({ hold: openNursery }).hold(function* () {} as never);
        const { errors } = (await rejectionOf(held)) as ExceptionGroup;
        expect(errors[0]).toBeInstanceOf(WrongFlavorError);
      }),
    );
  });
});

describe("what is of one kind", () => {
  test("cannot be used as the other", async () => {
    const { run } = virtualBridge();
    const [, receive] = openMemoryChannel<number>(0);
    await run(
      inLoop(async () => {
        const channel = asLoop(receive) as unknown as {
          open(): unknown;
          hold(body: unknown): unknown;
        };
        expect(() => channel.open()).toThrow(ArgumentError);
        expect(() => channel.hold(async () => {})).toThrow(
          /^Cannot hold a ReceiveChannel: it is no resource\.\n/,
        );
        const nursery = asLoop({ hold: openNursery }) as unknown as AsyncIterable<never>;
        expect(() => nursery[Symbol.asyncIterator]()).toThrow(
          /^Cannot go through an Object: it gives no items\.\n/,
        );
      }),
    );
  });
});
