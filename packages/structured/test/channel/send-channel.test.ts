import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  checkpoint,
  ClosedResourceError,
  EndOfChannel,
  openMemoryChannel,
  openNursery,
} from "../../src/index.js";
import { caughtBy } from "../caught-by.js";
import { virtualRun } from "../virtual-run.js";

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

describe("a sending end", () => {
  test("has clones that are handles of their own (CH-6, T151)", () => {
    const [send, receive] = openMemoryChannel<number>(3);
    const clone = send.clone();
    send.sendNowait(1);
    clone.sendNowait(2);
    send.close();
    expect(() => send.sendNowait(3)).toThrow(ClosedResourceError);
    clone.clone().sendNowait(3);
    expect([1, 2, 3].map(() => receive.receiveNowait())).toEqual([1, 2, 3]);
  });

  test("says that it is closed rather than that nobody receives, and gives nothing to the buffer then (CH-2, T149)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(1);
    receive.close();
    expect(() => send.sendNowait(1)).toThrow(BrokenResourceError);
    send.close();
    expect(() => send.sendNowait(1)).toThrow(ClosedResourceError);
    await run(function* () {
      expect(yield* caughtBy(() => send.send(1))).toBeInstanceOf(ClosedResourceError);
    });
    expect(send.statistics().currentBufferUsed).toBe(0);
  });

  test("closes while its own task is about to be woken: what was taken was sent (CH-5)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(0);
    await run(() =>
      openNursery(function* (nursery) {
        const sender = nursery.startSoon(() => send.send("value"));
        yield* checkpoint();
        expect(receive.receiveNowait()).toBe("value");
        send.close();
        yield* sender.join();
        expect(() => receive.receiveNowait()).toThrow(EndOfChannel);
      }),
    );
  });
});
