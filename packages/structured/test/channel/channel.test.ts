import { ArgumentError } from "@trestle/host";
import { queueBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  checkpoint,
  EndOfChannel,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  sleep,
  WouldBlock,
  type Operation,
} from "../../src/index.js";
import { structuredStage } from "../structured-stage.js";
import { virtualRun } from "../virtual-run.js";

const queues = queueBehaviours((capacity) => {
  const stage = structuredStage();
  const [send, receive] = openMemoryChannel<string>(capacity);
  return {
    stage,
    put: (item) => () => send.send(item),
    take: (taken) =>
      function* () {
        taken(yield* receive.receive());
      },
  };
});

describe("a channel as a queue (CH-4, CH-5, T146)", () => {
  for (const { title, run } of queues) test(title, run);
});

describe("openMemoryChannel", () => {
  test.each([-1, 1.5, Number.NaN, "2", undefined])("refuses a size of %j (CH-1, T145)", (size) => {
    expect(() => openMemoryChannel(size as number)).toThrow(ArgumentError);
  });

  test("takes any size up to Infinity (CH-1, T154)", () => {
    const [send, receive] = openMemoryChannel<number>(Infinity);
    for (let i = 0; i < 3000; i++) send.sendNowait(i);
    send.close();
    for (let i = 0; i < 3000; i++) expect(receive.receiveNowait()).toBe(i);
    expect(() => receive.receiveNowait()).toThrow(EndOfChannel);
  });
});

describe("a channel without a buffer", () => {
  test("hands each value over, and both sides pass a checkpoint (T157)", async () => {
    const { run, trace, log } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(0);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          for (const value of [1, 2]) {
            yield* send.send(value);
            log(`sent ${value}`);
          }
        });
        for (let i = 0; i < 2; i++) log(`received ${yield* receive.receive()}`);
      }),
    );
    expect(trace.messages).toEqual(["received 1", "sent 1", "received 2", "sent 2"]);
  });

  test("makes both nowait calls give up where nobody waits at the other end (T157)", () => {
    const [send, receive] = openMemoryChannel<number>(0);
    expect(() => send.sendNowait(1)).toThrow(WouldBlock);
    expect(() => receive.receiveNowait()).toThrow(WouldBlock);
  });

  test("gives a value to a nowait receive from a sender that waits, and lets that one go", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(0);
    await run(() =>
      openNursery(function* (nursery) {
        const sender = nursery.startSoon(() => send.send("value"));
        yield* checkpoint();
        expect(receive.receiveNowait()).toBe("value");
        yield* sender.join();
      }),
    );
  });

  test("does not deliver a send that was cancelled; it may be sent again (CH-16)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(0);
    await run(() =>
      openNursery(function* (nursery) {
        const result = yield* moveOnAfter(10, () => send.send("first"));
        expect(result.cancelledCaught).toBe(true);
        nursery.startSoon(() => send.send("second"));
        expect(yield* receive.receive()).toBe("second");
      }),
    );
  });
});

describe("who waits", () => {
  test("to receive owns what is sent before it runs (CH-5, T156)", async () => {
    const { run, trace, log } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(1);
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          log(`the waiter got ${yield* receive.receive()}`);
        });
        yield* checkpoint();
        send.sendNowait("value");
        expect(() => receive.receiveNowait()).toThrow(WouldBlock);
      }),
    );
    expect(trace.messages).toEqual(["the waiter got value"]);
  });

  test("to send owns the place that is freed before it runs (CH-3, T156)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(1);
    await run(() =>
      openNursery(function* (nursery) {
        send.sendNowait("a");
        nursery.startSoon(() => send.send("b"));
        yield* checkpoint();
        expect(receive.receiveNowait()).toBe("a");
        expect(() => send.sendNowait("c")).toThrow(WouldBlock);
        expect(receive.receiveNowait()).toBe("b");
      }),
    );
  });

  test("again goes to the back (CH-14)", async () => {
    const { run, trace, log } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(0);
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b"]) {
          nursery.startSoon(() =>
            receive.each(function* (value) {
              log(`${name}${value}`);
            }),
          );
        }
        yield* checkpoint();
        for (let i = 1; i <= 4; i++) yield* send.send(i);
        send.close();
      }),
    );
    expect(trace.messages).toEqual(["a1", "b2", "a3", "b4"]);
  });

  test("keeps a value that it was given when it is cancelled in the same round (TRAP-8, CH-5)", async () => {
    const { run, trace, log } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(0);
    await run(() =>
      openNursery(function* (nursery) {
        const receiver = nursery.startSoon(function* () {
          log(yield* receive.receive());
          yield* checkpoint();
          log("not reached");
        });
        yield* checkpoint();
        send.sendNowait("value");
        receiver.cancel();
      }),
    );
    expect(trace.messages).toEqual(["value"]);
  });
});

describe("a channel", () => {
  test("closes an end that is disposed of, and one that is disposed of again (CH-10)", () => {
    const [send, receive] = openMemoryChannel<number>(1);
    for (const end of [send, receive, send, receive]) end[Symbol.dispose]();
    expect(send.statistics()).toMatchObject({ openSendChannels: 0, openReceiveChannels: 0 });
  });

  test("is not closed by being forgotten: who waits for it then is in a deadlock, which is reported (CH-12)", async () => {
    const { run } = virtualRun();
    const [, receive] = openMemoryChannel<number>(1);
    const main = function* consumer(): Operation<number> {
      return yield* receive.receive();
    };
    await expect(run(main)).rejects.toThrow(/task 'consumer' waits for .*channel/);
  });

  test.each([0, 1, 3])(
    "with %i places loses nothing, doubles nothing and swaps nothing, whoever gives up when (CH-5, CH-16, T146)",
    async (capacity) => {
      const { run } = virtualRun();
      const [send, receive] = openMemoryChannel<number>(capacity);
      const sent: number[] = [];
      const received: number[] = [];
      const give = function* (value: number): Operation<void> {
        yield* send.send(value);
        sent.push(value);
      };
      const take = function* (): Operation<void> {
        received.push(yield* receive.receive());
      };
      await run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            for (let i = 0; i < 300; i++) {
              yield* moveOnAfter(i % 3, () => give(i));
              if (i % 7 === 0) yield* sleep(1);
            }
            send.close();
          });
          for (let i = 0; send.statistics().openSendChannels > 0; i++) {
            yield* moveOnAfter(i % 2, take);
            if (i % 5 === 0) yield* sleep(2);
          }
          yield* receive.each(function* (value) {
            received.push(value);
          });
        }),
      );
      expect(received.length).toBeGreaterThan(50);
      expect(received).toEqual(sent);
    },
  );

  test("may be fed by plain callbacks", async () => {
    const { run, host, trace, log } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(Infinity);
    host.at(10, () => send.sendNowait("a"));
    host.at(20, () => {
      send.sendNowait("b");
      send.close();
    });
    await run(() =>
      receive.each(function* (value) {
        log(value);
      }),
    );
    expect(trace.entries).toEqual([
      [10, "a"],
      [20, "b"],
    ]);
  });
});
