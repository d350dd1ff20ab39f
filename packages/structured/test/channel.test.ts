import { ArgumentError } from "@trestle/host";
import { queueBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  checkpoint,
  ClosedResourceError,
  EndOfChannel,
  isCancelled,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  sleep,
  WouldBlock,
  type Operation,
} from "../src/index.js";
import { structuredStage } from "./structured-stage.js";
import { virtualRun } from "./virtual-run.js";

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

/** Gives what an operation throws, Cancelled apart; undefined where it throws nothing. */
function* caughtBy(operation: () => Operation<unknown>): Operation<unknown> {
  try {
    yield* operation();
  } catch (error) {
    if (isCancelled(error)) throw error;
    return error;
  }
  return undefined;
}

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

describe("each", () => {
  test("runs its body for each value until the channel ends, and does not close it (CH-9, T145)", async () => {
    const { run, trace, log } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(3);
    for (const value of [1, 2, 3]) send.sendNowait(value);
    send.close();
    await run(() =>
      receive.each(function* (value) {
        yield* sleep(10);
        log(`${value}`);
      }),
    );
    expect(trace.entries).toEqual([
      [10, "1"],
      [20, "2"],
      [30, "3"],
    ]);
    expect(receive.statistics().openReceiveChannels).toBe(1);
  });

  test("passes on errors of its body, an EndOfChannel of another channel among them", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(1);
    const [otherSend, otherReceive] = openMemoryChannel<number>(1);
    otherSend.close();
    send.sendNowait(1);
    const main = (): Operation<void> => receive.each(() => otherReceive.receive());
    await expect(run(main)).rejects.toBeInstanceOf(EndOfChannel);
  });

  test("ends exactly when the last of many producers has closed (CH-6, T147)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(0);
    const received: number[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        for (let producer = 0; producer < 10; producer++) {
          const mine = send.clone();
          nursery.startSoon(function* () {
            for (let i = 0; i < 10; i++) yield* mine.send(producer * 10 + i);
            mine.close();
          });
        }
        send.close();
        yield* receive.each(function* (value) {
          received.push(value);
        });
      }),
    );
    expect(received.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test("gives each value to one of many consumers, and each consumer some (CH-13, T148)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(1);
    const shares: number[][] = [];
    await run(() =>
      openNursery(function* (nursery) {
        for (let consumer = 0; consumer < 5; consumer++) {
          const share: number[] = [];
          shares.push(share);
          nursery.startSoon(() =>
            receive.clone().each(function* (value) {
              yield* checkpoint();
              share.push(value);
            }),
          );
        }
        yield* checkpoint();
        for (let i = 0; i < 50; i++) yield* send.send(i);
        send.close();
      }),
    );
    expect(shares.every((share) => share.length > 0)).toBe(true);
    expect(shares.flat().toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
  });
});

describe("a closed sending end", () => {
  test("refuses everything but another close (CH-2, CH-6, T149, T150)", async () => {
    const { run } = virtualRun();
    const [send] = openMemoryChannel<number>(1);
    send.close();
    send.close();
    expect(() => send.sendNowait(1)).toThrow(ClosedResourceError);
    expect(() => send.clone()).toThrow(ClosedResourceError);
    await expect(run(() => send.send(1))).rejects.toThrow("Cannot send: it has been closed here.");
  });

  test("wakes those who wait in it, and those who wait for its values (CH-7, T149)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(0);
    const [fullSend] = openMemoryChannel<number>(0);
    const seen: unknown[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          seen.push(yield* caughtBy(() => receive.receive()));
        });
        nursery.startSoon(function* () {
          seen.push(yield* caughtBy(() => fullSend.send(1)));
        });
        yield* checkpoint();
        send.close();
        fullSend.close();
      }),
    );
    expect(seen).toEqual([expect.any(EndOfChannel), expect.any(ClosedResourceError)]);
  });

  test("ends nothing for receivers while another sender is open (CH-6)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(0);
    const other = send.clone();
    await run(() =>
      openNursery(function* (nursery) {
        const value = nursery.startSoon(() => receive.receive());
        yield* checkpoint();
        send.close();
        yield* checkpoint();
        expect(value.outcome).toBeUndefined();
        other.sendNowait("value");
        expect(yield* value.join()).toBe("value");
      }),
    );
  });

  test("leaves what was sent to be received, then the channel has ended (CH-7)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(2);
    send.sendNowait(1);
    send.close();
    await run(function* () {
      expect(yield* receive.receive()).toBe(1);
      expect(yield* caughtBy(() => receive.receive())).toBeInstanceOf(EndOfChannel);
      expect(() => receive.receiveNowait()).toThrow(EndOfChannel);
    });
  });

  test("fails only those who wait through that very handle (CH-7, T152)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(0);
    const other = send.clone();
    await run(() =>
      openNursery(function* (nursery) {
        const error = nursery.startSoon(() => caughtBy(() => send.send("closed")));
        nursery.startSoon(() => other.send("kept"));
        yield* checkpoint();
        send.close();
        expect(yield* error.join()).toBeInstanceOf(ClosedResourceError);
        expect(yield* receive.receive()).toBe("kept");
      }),
    );
  });
});

describe("a closed receiving end", () => {
  test("refuses everything but another close (CH-3, CH-6, T149, T151)", async () => {
    const { run } = virtualRun();
    const [, receive] = openMemoryChannel<number>(1);
    receive.close();
    receive.close();
    expect(() => receive.receiveNowait()).toThrow(ClosedResourceError);
    expect(() => receive.clone()).toThrow(ClosedResourceError);
    await expect(run(() => receive.receive())).rejects.toThrow(
      "Cannot receive: it has been closed here.",
    );
    await expect(run(() => receive.each(() => checkpoint()))).rejects.toBeInstanceOf(
      ClosedResourceError,
    );
  });

  test("breaks the channel when it is the last, and drops what was in the buffer (CH-8, T149, T151)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(1);
    const clone = receive.clone();
    send.sendNowait(1);
    await run(() =>
      openNursery(function* (nursery) {
        const error = nursery.startSoon(() => caughtBy(() => send.send(2)));
        yield* checkpoint();
        receive.close();
        yield* checkpoint();
        expect(error.outcome).toBeUndefined();
        clone.close();
        expect(yield* error.join()).toBeInstanceOf(BrokenResourceError);
        expect(() => send.sendNowait(3)).toThrow("Cannot send: all receivers have closed.");
        expect(yield* caughtBy(() => send.send(3))).toBeInstanceOf(BrokenResourceError);
        expect(send.statistics()).toMatchObject({ currentBufferUsed: 0, openReceiveChannels: 0 });
      }),
    );
  });

  test("fails only those who wait through that very handle (CH-8, T153)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(0);
    const other = receive.clone();
    await run(() =>
      openNursery(function* (nursery) {
        const error = nursery.startSoon(() => caughtBy(() => receive.receive()));
        const value = nursery.startSoon(() => other.receive());
        yield* checkpoint();
        receive.close();
        expect(yield* error.join()).toBeInstanceOf(ClosedResourceError);
        yield* send.send("kept");
        expect(yield* value.join()).toBe("kept");
      }),
    );
  });
});

describe("a channel", () => {
  test("tells the same numbers at both ends (CH-11, T155)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(1);
    const clones = [send.clone(), receive.clone(), receive.clone()];
    await run(() =>
      openNursery(function* (nursery) {
        for (let i = 0; i < 3; i++) nursery.startSoon(() => send.send(i));
        yield* sleep(1);
        const expected = {
          currentBufferUsed: 1,
          maxBufferSize: 1,
          openSendChannels: 2,
          openReceiveChannels: 3,
          tasksWaitingSend: 2,
          tasksWaitingReceive: 0,
        };
        expect(send.statistics()).toEqual(expected);
        expect(receive.statistics()).toEqual(expected);
        for (const clone of clones) clone.close();
        for (let i = 0; i < 3; i++) yield* receive.receive();
        nursery.startSoon(() => receive.receive());
        yield* sleep(1);
        expect(send.statistics()).toMatchObject({
          currentBufferUsed: 0,
          openSendChannels: 1,
          openReceiveChannels: 1,
          tasksWaitingSend: 0,
          tasksWaitingReceive: 1,
        });
        send.sendNowait(4);
      }),
    );
  });

  test("closes an end that is disposed of (CH-10)", () => {
    const [send, receive] = openMemoryChannel<number>(1);
    send[Symbol.dispose]();
    receive[Symbol.dispose]();
    expect(send.statistics()).toMatchObject({ openSendChannels: 0, openReceiveChannels: 0 });
  });

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
