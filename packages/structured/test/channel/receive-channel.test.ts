import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  checkpoint,
  ClosedResourceError,
  EndOfChannel,
  openMemoryChannel,
  openNursery,
  sleep,
  type Operation,
} from "../../src/index.js";
import { caughtBy } from "../caught-by.js";
import { virtualRun } from "../virtual-run.js";

describe("each", () => {
  test("runs its body for each value until the channel ends, and does not close it (CH-9, CKPT-2, T145)", async () => {
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

  test("hands arguments on to its body, which can be written once for all", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(3);
    for (const value of [1, 2, 3]) send.sendNowait(value);
    send.close();
    const add = function* (value: number, totals: number[], factor: number): Operation<void> {
      totals.push(value * factor);
    };
    const totals: number[] = [];
    await run(() => receive.each(add, totals, 10));
    expect(totals).toEqual([10, 20, 30]);
  });

  test("refuses a body of the other flavor when a value has come", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(1);
    send.sendNowait(1);
    const wrong = (async () => {}) as unknown as () => Operation<void>;
    await expect(run(() => receive.each(wrong))).rejects.toBeInstanceOf(WrongFlavorError);
  });

  test("may be left by an error, and gone on with: the channel is as it was (CH-9)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(3);
    for (const value of [1, 2, 3]) send.sendNowait(value);
    send.close();
    const enough = new Error("enough");
    const seen: number[] = [];
    await run(function* () {
      const error = yield* caughtBy(() =>
        receive.each(function* (value) {
          seen.push(value);
          if (value === 2) throw enough;
        }),
      );
      expect(error).toBe(enough);
      expect(yield* receive.receive()).toBe(3);
    });
    expect(seen).toEqual([1, 2]);
  });

  test("ends with an error where its handle is closed meanwhile, also by the body (CH-9, CH-7)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(3);
    for (const value of [1, 2, 3]) send.sendNowait(value);
    const seen: number[] = [];
    const main = (): Operation<void> =>
      receive.each(function* (value) {
        seen.push(value);
        receive.close();
      });
    await expect(run(main)).rejects.toBeInstanceOf(ClosedResourceError);
    expect(seen).toEqual([1]);
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
