import { ExceptionGroup, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  asSafeChannel,
  BrokenResourceError,
  CancelScope,
  checkpoint,
  ClosedResourceError,
  currentTask,
  EndOfChannel,
  isCancelled,
  moveOnAfter,
  openNursery,
  sleep,
  sleepForever,
  WouldBlock,
  type Operation,
  type ReceiveChannel,
} from "../../src/index.js";
import { caughtBy } from "../caught-by.js";
import { groupedErrorsOf, rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

type Send<T> = (value: T) => Operation<void>;

const upTo = asSafeChannel(function* numbers(send: Send<number>, end: number) {
  for (let value = 0; value < end; value++) yield* send(value);
});

/** A producer that logs each of its steps. */
const logged = (log: (text: string) => void) =>
  asSafeChannel(function* producer(send: Send<number>) {
    try {
      for (let value = 0; ; value++) {
        log(`makes ${value}`);
        yield* send(value);
      }
    } catch (error) {
      log(isCancelled(error) ? "cancelled at its send" : `failed: ${(error as Error).message}`);
      throw error;
    } finally {
      log("cleans up");
    }
  })();

describe("asSafeChannel", () => {
  test("gives what the producer sends, until it ends (ASC-1, T158)", async () => {
    const { run } = virtualRun();
    const received: number[] = [];
    const result = await run(() =>
      upTo(5)(function* (receive) {
        yield* receive.each(function* (value) {
          received.push(value);
        });
        expect(yield* caughtBy(() => receive.receive())).toBeInstanceOf(EndOfChannel);
        return "done";
      }),
    );
    expect(result).toBe("done");
    expect(received).toEqual([0, 1, 2, 3, 4]);
  });

  test("hands arguments on to both, and can be entered again: each block has a producer of its own", async () => {
    const { run } = virtualRun();
    const three = upTo(3);
    const collect = function* (receive: ReceiveChannel<number>, factor: number): Operation<number> {
      let total = 0;
      yield* receive.each(function* (value) {
        total += value * factor;
      });
      return total;
    };
    await run(function* () {
      expect(yield* three(collect, 1)).toBe(3);
      expect(yield* three(collect, 10)).toBe(30);
    });
  });

  test("runs the producer as a task that has its name", async () => {
    const { run } = virtualRun();
    const names = asSafeChannel(function* teller(send: Send<string>) {
      yield* send(currentTask().name);
    });
    const main = (): Operation<string> => names()((receive) => receive.receive());
    await expect(run(main)).resolves.toBe("teller");
  });

  test("refuses what is no structured function, at once", () => {
    expect(() => asSafeChannel((async () => {}) as never)).toThrow(WrongFlavorError);
    expect(() => asSafeChannel(undefined as never)).toThrow(WrongFlavorError);
  });

  test("refuses a body that is none, and leaves nothing behind", async () => {
    const { run } = virtualRun();
    const error = await rejectionOf(run(() => upTo(3)((async () => {}) as never)));
    expect(error).toBeInstanceOf(WrongFlavorError);
  });

  test("tells of a producer that gives no operation", async () => {
    const { run } = virtualRun();
    const wrong = asSafeChannel((() => 5) as never);
    const error = await rejectionOf(run(() => wrong()((receive) => receive.receive())));
    expect(error).toBeInstanceOf(WrongFlavorError);
  });
});

describe("the producer", () => {
  test("makes a value when somebody asks for it, and not before (ASC-2, T162)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      logged(log)(function* (receive) {
        yield* sleep(10);
        for (let i = 0; i < 2; i++) {
          log("asks");
          log(`has ${yield* receive.receive()}`);
          yield* sleep(10);
        }
      }),
    );
    expect(trace.entries).toEqual([
      [10, "asks"],
      [10, "makes 0"],
      [10, "has 0"],
      [20, "asks"],
      [20, "makes 1"],
      [20, "has 1"],
      [30, "cancelled at its send"],
      [30, "cleans up"],
    ]);
  });

  test("never begins where nobody asks (ASC-7)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() => logged(log)(() => sleep(10)));
    expect(trace.messages).toEqual([]);
  });

  test("never begins where the consumer is cancelled first (ASC-7, T160)", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope();
    await run(() =>
      scope.run(() =>
        logged(log)(function* (receive) {
          scope.cancel();
          yield* receive.receive();
        }),
      ),
    );
    expect(trace.messages).toEqual([]);
    expect(scope.cancelledCaught).toBe(true);
  });

  test("is cancelled at the end of the block, which waits for its cleanup (ASC-3, T163)", async () => {
    const { run, trace, log } = virtualRun();
    const slow = asSafeChannel(function* (send: Send<string>) {
      try {
        yield* send("value");
      } finally {
        yield* new CancelScope({ shield: true }).run(() => sleep(30));
        log("cleaned up");
      }
    });
    await run(function* () {
      yield* slow()(function* (receive) {
        log(yield* receive.receive());
      });
      log("behind the block");
    });
    expect(trace.entries).toEqual([
      [0, "value"],
      [30, "cleaned up"],
      [30, "behind the block"],
    ]);
  });

  test("goes on at the end of the block where it sends in a shield, and can send no more", async () => {
    const { run, trace, log } = virtualRun();
    const stubborn = asSafeChannel(function* (send: Send<string>) {
      yield* new CancelScope({ shield: true }).run(function* () {
        yield* send("value");
        log("sent");
        expect(yield* caughtBy(() => send("another"))).toBeInstanceOf(BrokenResourceError);
      });
    });
    await run(() =>
      stubborn()(function* (receive) {
        log(yield* receive.receive());
        yield* sleep(10);
      }),
    );
    expect(trace.entries).toEqual([
      [0, "value"],
      [10, "sent"],
    ]);
  });

  test("keeps its scopes to itself: those around its send do not reach the consumer (ASC-5, T165)", async () => {
    const { run, trace, log } = virtualRun();
    const hasty = asSafeChannel(function* (send: Send<string>) {
      const { cancelledCaught } = yield* moveOnAfter(10, () => send("first"));
      log(`cancelled ${cancelledCaught}`);
      yield* new CancelScope().run(function* (scope) {
        scope.cancel();
        yield* send("never");
      });
      yield* send("last");
    });
    await run(() =>
      hasty()(function* (receive) {
        log(yield* receive.receive());
        yield* sleep(30);
        log("not cancelled");
        log(yield* receive.receive());
      }),
    );
    expect(trace.entries).toEqual([
      [0, "first"],
      [10, "cancelled true"],
      [30, "not cancelled"],
      [30, "last"],
    ]);
  });

  test("keeps its nursery to itself, and its children may send as well (ASC-5, T169)", async () => {
    const { run } = virtualRun();
    const merged = asSafeChannel(function* (send: Send<string>) {
      yield* openNursery(function* (nursery) {
        for (const name of ["a", "b"]) {
          nursery.startSoon(function* () {
            for (let i = 1; i <= 3; i++) yield* send(`${name}${i}`);
          });
        }
      });
    });
    const received: string[] = [];
    await run(() =>
      merged()((receive) =>
        receive.each(function* (value) {
          received.push(value);
          yield* sleep(1);
        }),
      ),
    );
    expect(received.toSorted()).toEqual(["a1", "a2", "a3", "b1", "b2", "b3"]);
  });

  test("that is cut off in a nursery of its own leaves no errors behind (T169)", async () => {
    const { run } = virtualRun();
    const nested = asSafeChannel(function* (send: Send<number>) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => sleepForever());
        for (let i = 0; ; i++) yield* send(i);
      });
    });
    await expect(run(() => nested()((receive) => receive.receive()))).resolves.toBe(0);
  });

  test("may hand its send on: late calls are refused", async () => {
    const { run } = virtualRun();
    let late: Send<number> | undefined;
    const careless = asSafeChannel(function* (send: Send<number>) {
      late = send;
      yield* send(1);
    });
    await run(function* () {
      yield* careless()((receive) => receive.each(() => checkpoint()));
      const error = yield* caughtBy(() => (late as Send<number>)(2));
      expect(error).toBeInstanceOf(ClosedResourceError);
    });
  });
});

describe("the consumer", () => {
  test("may close the channel between two values: the producer ends, and the block goes on (ASC-6, T159, T170)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      logged(log)(function* (receive) {
        log(`has ${yield* receive.receive()}`);
        receive.close();
        expect(yield* caughtBy(() => receive.receive())).toBeInstanceOf(ClosedResourceError);
        yield* sleep(10);
        log("the body ends");
      }),
    );
    expect(trace.entries).toEqual([
      [0, "makes 0"],
      [0, "has 0"],
      [0, "cancelled at its send"],
      [0, "cleans up"],
      [10, "the body ends"],
    ]);
  });

  test("may close it before the first value (ASC-6, ASC-7, T170)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      logged(log)(function* (receive) {
        receive.close();
        expect(() => receive.receiveNowait()).toThrow(ClosedResourceError);
        yield* checkpoint();
      }),
    );
    expect(trace.messages).toEqual([]);
  });

  test("may close it while it waits for a value (ASC-6, T170)", async () => {
    const { run, trace, log } = virtualRun();
    const slow = asSafeChannel(function* (send: Send<number>) {
      try {
        yield* sleep(100);
        yield* send(1);
      } finally {
        log("cleaned up");
      }
    });
    await run(() =>
      slow()((receive) =>
        openNursery(function* (nursery) {
          const waiting = nursery.startSoon(() => caughtBy(() => receive.receive()));
          yield* sleep(10);
          receive.close();
          expect(yield* waiting.join()).toBeInstanceOf(ClosedResourceError);
        }),
      ),
    );
    expect(trace.entries).toEqual([[10, "cleaned up"]]);
  });

  test("may be many, who are served in the order of asking (ASC-6, T167)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      upTo(7)((receive) =>
        openNursery(function* (nursery) {
          for (const name of ["a", "b", "c"]) {
            nursery.startSoon(() =>
              receive.clone().each(function* (value) {
                log(`${name}${value}`);
              }),
            );
          }
        }),
      ),
    );
    expect(trace.messages).toEqual(["a0", "b1", "c2", "a3", "b4", "c5", "a6"]);
  });

  test("loses no value by giving up: it is kept for who asks next", async () => {
    const { run } = virtualRun();
    const slow = asSafeChannel(function* (send: Send<number>) {
      for (let value = 0; ; value++) {
        yield* sleep(10);
        yield* send(value);
      }
    });
    await run(() =>
      slow()(function* (receive) {
        yield* moveOnAfter(5, () => receive.receive());
        yield* sleep(100);
        expect(receive.receiveNowait()).toBe(0);
        expect(() => receive.receiveNowait()).toThrow(WouldBlock);
        expect(yield* receive.receive()).toBe(1);
      }),
    );
  });

  test("may keep a clone, which tells that it was cut off when the block has ended (ASC-6)", async () => {
    const { run } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const [clone, waiting] = yield* upTo(1000)(function* (receive) {
          yield* receive.receive();
          const mine = receive.clone();
          const task = nursery.startSoon(function* () {
            while ((yield* caughtBy(() => mine.receive())) === undefined) yield* sleep(10);
            return yield* caughtBy(() => mine.receive());
          });
          yield* sleep(5);
          return [mine, task] as const;
        });
        const error = yield* waiting.join();
        expect(error).toBeInstanceOf(BrokenResourceError);
        expect((error as Error).message).toBe(
          "Cannot receive: the producer 'numbers' was cancelled.",
        );
        clone.close();
      }),
    );
  });

  test("may use two of them at a time, one in the other (T164)", async () => {
    const { run } = virtualRun();
    const pairs: string[] = [];
    await run(() =>
      upTo(3)((outer) =>
        outer.each((a) =>
          upTo(2)((inner) =>
            inner.each(function* (b) {
              pairs.push(`${a}${b}`);
            }),
          ),
        ),
      ),
    );
    expect(pairs).toEqual(["00", "01", "10", "11", "20", "21"]);
  });

  test("may take them in turns", async () => {
    const { run } = virtualRun();
    const values = await run(() =>
      upTo(3)((first) =>
        upTo(3)(function* (second) {
          const taken: number[] = [];
          for (let i = 0; i < 3; i++)
            taken.push(yield* first.receive(), 10 + (yield* second.receive()));
          return taken;
        }),
      ),
    );
    expect(values).toEqual([0, 10, 1, 11, 2, 12]);
  });

  test("counts what waits: nothing is in a buffer", async () => {
    const { run } = virtualRun();
    await run(() =>
      upTo(3)(function* (receive) {
        yield* receive.receive();
        expect(receive.statistics()).toEqual({
          currentBufferUsed: 0,
          peakBufferUsed: 0,
          maxBufferSize: 0,
          openSendChannels: 1,
          openReceiveChannels: 1,
          tasksWaitingSend: 0,
          tasksWaitingReceive: 0,
        });
      }),
    );
  });
});

describe("an error", () => {
  const ofProducer = new Error("of the producer");
  const ofBody = new Error("of the body");
  const failing = asSafeChannel(function* failing(send: Send<number>) {
    yield* send(1);
    throw ofProducer;
  });

  test("of the producer comes out as it is, and the body goes no further (ASC-4, T161)", async () => {
    const { run, trace, log } = virtualRun();
    const main = (): Operation<void> =>
      failing()(function* (receive) {
        yield* receive.each(function* (value) {
          log(`has ${value}`);
        });
        log("not reached: the channel has not ended");
      });
    await expect(rejectionOf(run(main))).resolves.toBe(ofProducer);
    expect(trace.messages).toEqual(["has 1"]);
  });

  test("of the producer breaks the receives of those who are shielded, which is no error of theirs (ASC-4, T161)", async () => {
    const { run } = virtualRun();
    let seen: unknown;
    const main = (): Operation<unknown> =>
      failing()((receive) =>
        new CancelScope({ shield: true }).run(function* () {
          yield* receive.receive();
          try {
            yield* receive.receive();
          } catch (error) {
            seen = error;
            throw error;
          }
        }),
      );
    await expect(rejectionOf(run(main))).resolves.toBe(ofProducer);
    expect(seen).toBeInstanceOf(BrokenResourceError);
    expect(seen).toMatchObject({
      message: "Cannot receive: the producer 'failing' failed with Error: of the producer.",
      cause: ofProducer,
    });
  });

  test("of the body comes out as it is, after the producer's cleanup (ASC-4)", async () => {
    const { run, trace, log } = virtualRun();
    const main = (): Operation<void> =>
      logged(log)(function* (receive) {
        yield* receive.receive();
        throw ofBody;
      });
    await expect(rejectionOf(run(main))).resolves.toBe(ofBody);
    expect(trace.messages).toEqual(["makes 0", "cancelled at its send", "cleans up"]);
  });

  test("of the body and one of the producer's cleanup come out in a group (ASC-4, T163)", async () => {
    const { run } = virtualRun();
    const dirty = asSafeChannel(function* dirty(send: Send<number>) {
      try {
        yield* send(1);
      } catch {
        throw ofProducer;
      }
    });
    const main = (): Operation<void> =>
      dirty()(function* (receive) {
        yield* receive.receive();
        throw ofBody;
      });
    const group = await rejectionOf(run(main));
    expect(group).toBeInstanceOf(ExceptionGroup);
    expect((group as ExceptionGroup).errors).toEqual([ofBody, ofProducer]);
    expect((group as Error).message).toBe("2 errors in the safe channel of producer 'dirty'");
    await expect(rejectionOf(run(() => dirty()((receive) => receive.receive())))).resolves.toBe(
      ofProducer,
    );
  });

  test("that is a group of the user's own is kept as it is (ASC-4, T166)", async () => {
    const { run } = virtualRun();
    const group = new ExceptionGroup("mine", [ofBody]);
    const throwing = function* (): Operation<void> {
      throw group;
    };
    await expect(rejectionOf(run(() => upTo(1)(throwing)))).resolves.toBe(group);
    const grouping = asSafeChannel(throwing);
    await expect(rejectionOf(run(() => grouping()((receive) => receive.receive())))).resolves.toBe(
      group,
    );
  });

  test("of a nursery in the body keeps its group (T166)", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      upTo(1)(() =>
        openNursery(function* () {
          throw ofBody;
        }),
      );
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([ofBody]);
  });

  test("is none where both are cancelled: one Cancelled comes out (T168)", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope();
    const cleanUp = function* (): Operation<void> {
      try {
        yield* sleep(10);
      } catch (error) {
        log(`cleanup: ${isCancelled(error)}`);
        throw error;
      }
    };
    const careful = asSafeChannel(function* (send: Send<number>) {
      try {
        yield* send(1);
      } finally {
        yield* cleanUp();
      }
    });
    const { cancelledCaught } = await run(() =>
      scope.run(function* () {
        try {
          yield* careful()(function* (receive) {
            yield* receive.receive();
            scope.cancel();
            yield* checkpoint();
          });
        } catch (error) {
          log(`block: ${isCancelled(error)}`);
          throw error;
        }
      }),
    );
    expect(cancelledCaught).toBe(true);
    expect(trace.messages).toEqual(["cleanup: true", "block: true"]);
  });
});
