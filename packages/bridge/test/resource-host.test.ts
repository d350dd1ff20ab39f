import { ExceptionGroup } from "@trestle/host";
import {
  allTasks,
  CancelledError,
  currentTask,
  Lock,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
  type Task,
} from "@trestle/loop";
import {
  CancelScope,
  checkpoint,
  currentTask as currentStructuredTask,
  isCancelled,
  moveOnAfter,
  openNursery,
  sleep as structuredSleep,
  type Operation,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asLoop, asStructured, type EnterExit } from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualBridge, type VirtualBridge } from "./virtual-bridge.js";

/** A resource that logs, and takes so many milliseconds to open and to close. */
function slow(
  log: (message: string) => void,
  options: { readonly enter?: number; readonly exit?: number; readonly suppress?: boolean } = {},
): EnterExit<string> {
  return {
    async enter() {
      log("entering");
      await sleep(options.enter ?? 5);
      log("entered");
      return "value";
    },
    async exit(...args: unknown[]) {
      log(args.length === 0 ? "leaving" : `leaving with ${String(args[0])}`);
      await sleep(options.exit ?? 5);
      log("left");
      return options.suppress ?? false;
    },
  };
}

describe("a pair of enter and exit", () => {
  test("is entered before the body and left after it, in one task of the loop (defect 2)", async () => {
    const { run, log, trace } = virtualBridge();
    const tasks: (Task<unknown> | undefined)[] = [];
    const resource = {
      enter: async () => {
        tasks.push(currentTask());
        await sleep(0);
        return "value";
      },
      exit: async () => void tasks.push(currentTask()),
    };
    const value = await run(() =>
      asStructured(resource).hold(function* (held) {
        log(held);
        yield* structuredSleep(10);
        return 5;
      }),
    );
    expect(value).toBe(5);
    expect(trace.messages).toEqual(["value"]);
    expect(tasks[0]?.name).toBe("resource");
    expect(tasks[1]).toBe(tasks[0]);
  });

  test("may do both at once, without promises", async () => {
    const { run } = virtualBridge();
    const seen: unknown[] = [];
    const resource = { enter: () => 1, exit: (...args: unknown[]) => void seen.push(args) };
    await run(() =>
      asStructured(resource).hold(function* (one) {
        seen.push(one);
        yield* checkpoint();
      }),
    );
    expect(seen).toEqual([1, []]);
  });

  test("has its exit told of the body's error, which goes on as it is", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the body");
    const failing = run(() =>
      asStructured(slow(log)).hold(function* () {
        yield* checkpoint();
        throw error;
      }),
    );
    await expect(rejectionOf(failing)).resolves.toBe(error);
    expect(trace.messages).toEqual([
      "entering",
      "entered",
      "leaving with Error: of the body",
      "left",
    ]);
  });

  test("may suppress the error, by true and by nothing else", async () => {
    const { run, log } = virtualBridge();
    // oxlint-disable-next-line require-yield -- it fails at once
    const fail = function* (): Operation<number> {
      throw new Error("of the body");
    };
    await expect(
      run(() => asStructured(slow(log, { suppress: true })).hold(fail)),
    ).resolves.toBeUndefined();
    const generous = { enter: () => 1, exit: async () => ({ released: true }) };
    await expect(run(() => asStructured(generous).hold(fail))).rejects.toThrow("of the body");
  });

  test("does not let an error of the exit hide the body's", async () => {
    const { run } = virtualBridge();
    const [ofBody, ofExit] = [new Error("of the body"), new Error("of the exit")];
    const resource = {
      enter: async () => 1,
      exit: async () => {
        throw ofExit;
      },
    };
    const error = await rejectionOf(
      run(() =>
        // oxlint-disable-next-line require-yield -- it fails at once
        asStructured(resource).hold(function* () {
          throw ofBody;
        }),
      ),
    );
    expect(error).toBe(ofBody);
    expect(error).toMatchObject({ suppressed: [ofExit] });
    await expect(
      rejectionOf(run(() => asStructured(resource).hold(function* () {}))),
    ).resolves.toBe(ofExit);
  });

  test("is not left where it could not be entered", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("no way in");
    const resource = {
      enter: async () => {
        throw error;
      },
      exit: async () => log("left"),
    };
    const failing = run(() =>
      asStructured(resource).hold(function* () {
        log("body");
      }),
    );
    await expect(rejectionOf(failing)).resolves.toBe(error);
    expect(trace.messages).toEqual([]);
  });
});

describe("a cancelled scope around a resource", () => {
  test("cancels the entering, and nothing is left or held", async () => {
    const { run, log, trace } = virtualBridge();
    const resource = slow(log, { enter: 100 });
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        asStructured(resource).hold(function* () {
          log("body");
        }),
      );
      log(`caught: ${cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [0, "entering"],
      [10, "caught: true"],
    ]);
  });

  test("ends the body, and the exit runs, with the cancellation at its first suspension (defect 1: it never ran)", async () => {
    const { run, log, trace } = virtualBridge();
    const resource = {
      enter: async () => "value",
      exit: async (error: unknown) => {
        log(`leaving with a CancelledError: ${error instanceof CancelledError}`);
        try {
          await sleep(5);
        } catch (given) {
          log(`cancelled: ${given instanceof CancelledError}`);
        }
        await sleep(5);
        log("left");
      },
    };
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        asStructured(resource).hold(function* () {
          yield* structuredSleep(100);
        }),
      );
      log(`caught: ${cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [10, "leaving with a CancelledError: true"],
      [10, "cancelled: true"],
      [15, "left"],
      [15, "caught: true"],
    ]);
  });

  test("that is cancelled before does not even enter", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const scope = new CancelScope();
      scope.cancel();
      yield* scope.run(() => asStructured(slow(log)).hold(function* () {}));
      expect(scope.cancelledCaught).toBe(true);
      expect(allTasks(loop).size).toBe(0);
    });
    expect(trace.messages).toEqual([]);
  });

  test("that is cancelled while it is left interrupts the exit once, and the body's value is lost", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        asStructured(slow(log, { enter: 0, exit: 100 })).hold(function* () {}),
      );
      log(`caught: ${cancelledCaught}`);
    });
    expect(trace.entries).toEqual([
      [0, "entering"],
      [0, "entered"],
      [0, "leaving"],
      [10, "caught: true"],
    ]);
  });

  test("leaves the body's own error to win", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the cleanup");
    await run(function* () {
      const scope = new CancelScope({ relativeDeadline: 10 });
      try {
        yield* scope.run(() =>
          asStructured(slow(log)).hold(function* () {
            try {
              yield* structuredSleep(100);
            } finally {
              // oxlint-disable-next-line no-unsafe-finally -- that is what is tested
              throw error;
            }
          }),
        );
      } catch (thrown) {
        expect(thrown).toBe(error);
      }
      expect(scope.cancelledCaught).toBe(false);
    });
    // The exit is told of the error, and cut off by the cancellation.
    expect(trace.messages).toEqual(["entering", "entered", "leaving with Error: of the cleanup"]);
  });

  test("gives the resource that was opened in spite of it to a body that may end at once", async () => {
    const { run, log, trace } = virtualBridge();
    const stubborn = {
      async enter() {
        try {
          await sleep(100);
        } catch {
          log("entered all the same");
        }
        return "value";
      },
      exit: async () => log("left"),
    };
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        asStructured(stubborn).hold(function* () {
          log("body");
          yield* checkpoint();
          log("not reached");
        }),
      );
      log(`caught: ${cancelledCaught}`);
    });
    expect(trace.messages).toEqual(["entered all the same", "body", "left", "caught: true"]);
  });

  test("cannot interrupt an exit that waits for nothing, and leaves no cancellation behind", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        asStructured({ enter: () => 1, exit: () => log("left") }).hold(() => structuredSleep(50)),
      );
      expect(cancelledCaught).toBe(true);
      expect(allTasks(loop).size).toBe(0);
    });
    expect(trace.entries).toEqual([[10, "left"]]);
  });
});

describe("a block form of the loop flavor", () => {
  test("is around the body: a task group's failing child cancels it (defect 2: it killed the loop)", async () => {
    const { run, log, trace } = virtualBridge();
    const error = new Error("of the child");
    const failing = run(() =>
      asStructured({ hold: taskGroup }).hold(function* (group) {
        void group.createTask(async () => {
          await sleep(10);
          throw error;
        });
        try {
          yield* structuredSleep(100);
        } catch (thrown) {
          log(`cancelled: ${isCancelled(thrown)}`);
          throw thrown;
        }
      }),
    );
    const group = await rejectionOf(failing);
    expect(group).toBeInstanceOf(ExceptionGroup);
    expect((group as ExceptionGroup).errors).toEqual([error]);
    expect(trace.entries).toEqual([[10, "cancelled: true"]]);
  });

  test("waits for a task group's children, and gives the body's value", async () => {
    const { run, log, trace } = virtualBridge();
    const value = await run(() =>
      asStructured({ hold: taskGroup }).hold(function* (group) {
        void group.createTask(async () => {
          await sleep(10);
          log("child");
        });
        yield* checkpoint();
        return "value";
      }),
    );
    expect(value).toBe("value");
    expect(trace.entries).toEqual([[10, "child"]]);
  });

  test("cancels a task group's children with the scope around", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* () {
      yield* moveOnAfter(10, () =>
        asStructured({ hold: taskGroup }).hold(function* (group) {
          void group.createTask(async () => {
            try {
              await sleep(100);
            } finally {
              await sleep(5);
              log("child has unwound");
            }
          });
          yield* structuredSleep(50);
        }),
      );
      log("over");
    });
    expect(trace.entries).toEqual([
      [15, "child has unwound"],
      [15, "over"],
    ]);
  });

  test("is around the body: a timeout ends it (defect 2: it never fired)", async () => {
    const { run, host } = virtualBridge();
    const late = { hold: (body: (value: unknown) => PromiseLike<never>) => timeout(10, body) };
    const error = await rejectionOf(run(() => asStructured(late).hold(() => structuredSleep(100))));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(host.now()).toBe(10);
  });

  test("leaves an outer cancellation to its scope", async () => {
    const { run, host } = virtualBridge();
    const late = { hold: (body: (value: unknown) => PromiseLike<never>) => timeout(100, body) };
    const { cancelledCaught } = await run(() =>
      moveOnAfter(10, () => asStructured(late).hold(() => structuredSleep(1000))),
    );
    expect(cancelledCaught).toBe(true);
    expect(host.now()).toBe(10);
  });

  test("holds a lock of loop code", async () => {
    const { run, log, trace } = virtualBridge();
    const lock = new Lock();
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b"]) {
          nursery.startSoon(() =>
            asStructured(lock).hold(function* () {
              log(name);
              yield* structuredSleep(10);
            }),
          );
        }
      }),
    );
    expect(trace.entries).toEqual([
      [0, "a"],
      [10, "b"],
    ]);
  });

  test("that ends before its body cancels that, and has the last word", async () => {
    const { run, log, trace } = virtualBridge();
    const impatient = {
      async hold(body: (value: string) => PromiseLike<never>) {
        await Promise.race([body("value"), sleep(10)]);
        return "enough";
      },
    };
    const value = await run(() =>
      asStructured(impatient).hold(function* () {
        try {
          yield* structuredSleep(100);
        } finally {
          log("body ends");
        }
      }),
    );
    expect(value).toBe("enough");
    expect(trace.entries).toEqual([[10, "body ends"]]);
  });

  test("that ends before a body which then fails does not hide that", async () => {
    const { run } = virtualBridge();
    const error = new Error("of the body");
    const impatient = {
      hold: async (body: (value: string) => PromiseLike<never>) => {
        void body("value").then(undefined, () => {});
        await sleep(1);
      },
    };
    const failing = run(() =>
      asStructured(impatient).hold(function* () {
        try {
          yield* structuredSleep(100);
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- that is what is tested
          throw error;
        }
      }),
    );
    await expect(rejectionOf(failing)).resolves.toBe(error);
  });

  test("may swallow the body's error, and give a value of its own", async () => {
    const { run } = virtualBridge();
    const calm = {
      hold: async (body: (value: string) => PromiseLike<never>) => {
        try {
          await body("value");
        } catch (error) {
          return `calmed ${String(error)}`;
        }
        return "calm";
      },
    };
    const value = await run(() =>
      // oxlint-disable-next-line require-yield -- it fails at once
      asStructured(calm).hold(function* (): Operation<string> {
        throw new Error("no");
      }),
    );
    expect(value).toBe("calmed Error: no");
  });
});

describe("the body", () => {
  test("runs in the structured task itself, in its scopes", async () => {
    const { run } = virtualBridge();
    await run(function* () {
      const task = currentStructuredTask();
      yield* asStructured({ enter: () => 1, exit: () => {} }).hold(function* () {
        expect(currentStructuredTask()).toBe(task);
        yield* checkpoint();
      });
    });
  });

  test("is cancelled where somebody cancels the task that hosts the resource: an ordinary error", async () => {
    const { run, log, trace } = virtualBridge();
    let host: Task<unknown> | undefined;
    const resource = {
      enter: async () => {
        host = currentTask();
      },
      exit: async (error: unknown) => log(`leaving with ${String(error)}`),
    };
    const error = await rejectionOf(
      run(function* (loop) {
        loop.callLater(10, () => host?.cancel("enough"));
        yield* asStructured(resource).hold(() => structuredSleep(100));
      }),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect((error as Error).message).toBe("enough");
    expect(trace.entries).toEqual([[10, "leaving with CancelledError: enough"]]);
  });

  test("may hold several resources, which are left in the opposite order", async () => {
    const { run, log, trace } = virtualBridge();
    const named = (name: string) =>
      asStructured({
        enter: async () => log(`${name} in`),
        exit: async () => {
          await sleep(1);
          log(`${name} out`);
        },
      });
    await run(() => named("a").hold(() => named("b").hold(() => named("c").hold(checkpoint))));
    expect(trace.messages).toEqual(["a in", "b in", "c in", "c out", "b out", "a out"]);
  });

  test("may call back and forth: a nursery in a task group in a nursery", async () => {
    const { run, log, trace } = virtualBridge();
    const inner = asLoop(function* (n: number) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(structuredSleep, n);
      });
      log(`slept ${n}`);
    });
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() =>
          asStructured({ hold: taskGroup }).hold(function* (group) {
            void group.createTask(inner, 10);
            void group.createTask(inner, 20);
            yield* checkpoint();
          }),
        );
      }),
    );
    expect(trace.entries).toEqual([
      [10, "slept 10"],
      [20, "slept 20"],
    ]);
  });
});

// At each suspension of either side a cancellation comes once; whatever it finds, an entered resource has been left.
describe("a cancellation at any moment", () => {
  async function cancelledAt(
    ms: number,
    { run, log, trace }: VirtualBridge,
  ): Promise<readonly string[]> {
    const resource = {
      async enter() {
        await sleep(2);
        await sleep(2);
        log("entered");
        return 1;
      },
      async exit() {
        log("leaving");
        await sleep(2);
        await sleep(2);
      },
    };
    await run(function* () {
      const scope = new CancelScope({ relativeDeadline: ms });
      yield* scope.run(() =>
        asStructured(resource).hold(function* () {
          yield* structuredSleep(2);
          yield* asStructured(sleep)(2);
        }),
      );
      log(`caught: ${scope.cancelledCaught}`);
    });
    return trace.messages;
  }

  test.each([0, 1, 3])("enters nothing where it comes at %i ms", async (ms) => {
    await expect(cancelledAt(ms, virtualBridge())).resolves.toEqual(["caught: true"]);
  });

  test.each([5, 7, 9, 11])("leaves what was entered where it comes at %i ms", async (ms) => {
    await expect(cancelledAt(ms, virtualBridge())).resolves.toEqual([
      "entered",
      "leaving",
      "caught: true",
    ]);
  });

  test("has nothing to do where it comes too late", async () => {
    await expect(cancelledAt(13, virtualBridge())).resolves.toEqual([
      "entered",
      "leaving",
      "caught: false",
    ]);
  });
});
