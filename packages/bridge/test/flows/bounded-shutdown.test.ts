// The end of a block ends: chains that would go on for ever are cut, and with a grace period so is what does not stop.
import { createTask, getRunningLoop, LoopClosedError, sleep } from "@trestle/loop";
import {
  CancelScope,
  checkpoint,
  sleep as structuredSleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { describe, expect, test } from "vitest";
import {
  asLoop,
  asStructured,
  run,
  ShutdownError,
  type StructuredEventLoop,
} from "../../src/index.js";
import { groupedErrorsOf } from "../rejection-of.js";
import { virtualBridge } from "../virtual-bridge.js";

const shielded = <T>(body: () => Operation<T>): Operation<unknown> =>
  new CancelScope({ shield: true }).run(body);

/** The one error of a block: the report of its shutdown. */
async function reportOf(running: Promise<unknown>): Promise<ShutdownError> {
  const errors = await groupedErrorsOf(running);
  expect(errors).toEqual([expect.any(ShutdownError)]);
  return errors[0] as ShutdownError;
}

describe("what unwinds and makes something new for ever", () => {
  const endless: ((loop: StructuredEventLoop, count: () => void) => void)[] = [
    function tasksOfTasks(loop, count) {
      const again = async (): Promise<void> => {
        count();
        try {
          await sleep(1000);
        } finally {
          void createTask(again);
        }
      };
      void loop.createTask(again);
    },
    function tasksOfDoneCallbacks(loop, count) {
      const again = (): void => {
        count();
        loop.createTask(() => sleep(1000)).addDoneCallback(again);
      };
      again();
    },
    function tasksOfCallbacks(loop, count) {
      const again = (): void => {
        count();
        void loop.createTask(() => sleep(1000));
        loop.callSoon(again);
      };
      again();
    },
    function callsOfCalls(loop, count) {
      const again = asLoop(
        function* (): Operation<void> {
          count();
          try {
            yield* sleepForever();
          } finally {
            void again();
          }
        },
        { loop },
      );
      void again();
    },
    function callsOfCallbacks(loop, count) {
      const call = asLoop(() => sleepForever(), { loop });
      const again = (): void => {
        count();
        void call();
        loop.callSoon(again);
      };
      again();
    },
    function callsAndTasksInTurn(loop, count) {
      const call = asLoop(function* (): Operation<void> {
        count();
        try {
          yield* sleepForever();
        } finally {
          void loop.createTask(task);
        }
      });
      const task = async (): Promise<void> => {
        try {
          await sleep(1000);
        } finally {
          void call();
        }
      };
      void loop.createTask(task);
    },
  ];

  test.each(endless.map((make) => [make.name, make] as const))(
    "does not keep the block open, and is reported: %s",
    async (_name, make) => {
      const { run } = virtualBridge();
      let count = 0;
      const { message, left } = await reportOf(
        run(function* (loop) {
          make(loop, () => count++);
          yield* checkpoint();
        }),
      );
      expect(message).toMatch(
        /^Cannot end what runs in the loop: what unwinds has made new tasks 100 times over\.\n/,
      );
      expect(left.length).toBeGreaterThan(0);
      expect(count).toBeGreaterThan(50);
      expect(count).toBeLessThan(2000);
    },
  );

  test("is nothing of the kind where it comes to an end by itself", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const again = async (left: number): Promise<void> => {
        try {
          await sleep(1000);
        } finally {
          if (left > 0) void createTask(again, left - 1);
          else log("the last one");
        }
      };
      void loop.createTask(again, 90);
      yield* checkpoint();
    });
    expect(trace.messages).toEqual(["the last one"]);
  });
});

describe("a grace period", () => {
  test("lets those clean up who are done in time, and nobody hears of it", async () => {
    const { run, log, trace, host } = virtualBridge();
    await run(
      function* (loop) {
        void loop.createTask(async () => {
          try {
            await sleep(1000);
          } finally {
            await sleep(99);
            log("cleaned up");
          }
        });
        yield* structuredSleep(5);
      },
      { shutdownGrace: 100 },
    );
    expect(trace.entries).toEqual([[104, "cleaned up"]]);
    expect(host.now()).toBe(104);
  });

  test("ends with a report that names what goes on and what it waits for (trio-asyncio 7, 20)", async () => {
    const { run, host } = virtualBridge();
    const { message } = await reportOf(
      run(
        function* (loop) {
          void loop.createTask(async function stubborn() {
            for (let i = 0; i < 10; i++) await sleep(30).catch(() => {});
          });
          yield* structuredSleep(5);
        },
        { shutdownGrace: 100 },
      ),
    );
    expect(message).toBe(
      "Cannot end what runs in the loop: it goes on 100 ms after it was cancelled.\n" +
        "  task 'stubborn' waits for a sleep of 30 ms",
    );
    expect(host.now()).toBe(105);
  });

  test("ends the wait for a promise that nobody settles, on the platform's own time", async () => {
    const { left } = await reportOf(
      run(
        function* (loop) {
          void loop.createTask(async function lost() {
            await new Promise<void>(() => {});
          });
          yield* checkpoint();
        },
        { shutdownGrace: 5 },
      ),
    );
    expect(left).toEqual(["task 'lost' waits for a promise that is not the event loop's"]);
  });

  test("of nothing still cancels everything, once, and lets it run to its first wait", async () => {
    const { run, log, trace } = virtualBridge();
    const { left } = await reportOf(
      run(
        function* (loop) {
          for (const name of ["polite", "stubborn"]) {
            void loop.createTask(async () => {
              await sleep(1000).catch((error: unknown) => log(`${name} ${(error as Error).name}`));
              if (name === "stubborn") await sleep(1000);
            });
          }
          yield* structuredSleep(5);
        },
        { shutdownGrace: 0 },
      ),
    );
    expect(left).toEqual([expect.stringMatching(/^task 'task-\d' waits for a sleep of 1000 ms/)]);
    expect(trace.messages).toEqual(["polite CancelledError", "stubborn CancelledError"]);
  });

  test("ends the waits of what is left with LoopClosedError, which is no error of the block's", async () => {
    const { run, log, trace } = virtualBridge();
    await reportOf(
      run(
        function* (loop) {
          void loop.createTask(async () => {
            await sleep(1000).catch(() => {});
            await sleep(1000).catch((error: unknown) => {
              log(error instanceof LoopClosedError ? "LoopClosedError" : String(error));
            });
          });
          yield* structuredSleep(5);
        },
        { shutdownGrace: 10 },
      ),
    );
    expect(trace.entries).toEqual([[15, "LoopClosedError"]]);
  });

  test("names structured calls that go on too; the block waits for these all the same", async () => {
    const { run, log, trace } = virtualBridge();
    const save = asStructured(() => sleep(1000));
    const { left } = await reportOf(
      run(
        function* () {
          void asLoop(function* rescue(): Operation<void> {
            try {
              yield* sleepForever();
            } finally {
              yield* shielded(function* () {
                yield* structuredSleep(50);
                try {
                  yield* save();
                } catch (error) {
                  log((error as Error).name);
                }
              });
            }
          })();
          yield* structuredSleep(5);
        },
        { shutdownGrace: 10 },
      ),
    );
    expect(left).toEqual(["structured task 'rescue'"]);
    expect(trace.entries).toEqual([[55, "LoopClosedError"]]);
  });

  test("begins when what was queued has started, and is the same for all that it makes", async () => {
    const { run, host } = virtualBridge();
    const { left } = await reportOf(
      run(
        function* (loop) {
          const relay = async (): Promise<void> => {
            try {
              await sleep(1000);
            } finally {
              await sleep(30);
              void getRunningLoop().createTask(relay);
            }
          };
          void loop.createTask(relay);
          yield* structuredSleep(5);
        },
        { shutdownGrace: 100 },
      ),
    );
    expect(left).toEqual(["task 'relay' waits for a sleep of 30 ms"]);
    expect(host.now()).toBe(105);
  });

  test("leaves an error of the body, and those of cleanups, beside the report", async () => {
    const { run } = virtualBridge();
    const [ofBody, ofCleanup] = [new Error("of the body"), new Error("of a cleanup")];
    const errors = await groupedErrorsOf(
      run(
        function* (loop) {
          void loop.createTask(async () => {
            await sleep(1000).catch(() => {
              throw ofCleanup;
            });
          });
          void loop.createTask(async () => {
            for (let i = 0; i < 10; i++) await sleep(30).catch(() => {});
          });
          yield* structuredSleep(5);
          throw ofBody;
        },
        { shutdownGrace: 100 },
      ),
    );
    expect(errors).toEqual([ofBody, ofCleanup, expect.any(ShutdownError)]);
  });
});
