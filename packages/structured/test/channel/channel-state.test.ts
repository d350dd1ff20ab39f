import { describe, expect, test } from "vitest";
import { ChannelState, failWaiting, type Supplier } from "../../src/channel/channel-state.js";
import {
  checkpoint,
  EndOfChannel,
  openMemoryChannel,
  openNursery,
  sleep,
} from "../../src/index.js";
import { ReceiveChannel } from "../../src/channel/receive-channel.js";
import { SendChannel } from "../../src/channel/send-channel.js";
import type { Waiter } from "../../src/sync/waiter.js";
import { caughtBy } from "../caught-by.js";
import { virtualRun } from "../virtual-run.js";

describe("the statistics of a channel", () => {
  test("are the same at both ends (CH-11, T155)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(1);
    const clones = [send.clone(), receive.clone(), receive.clone()];
    await run(() =>
      openNursery(function* (nursery) {
        for (let i = 0; i < 3; i++) nursery.startSoon(() => send.send(i));
        yield* sleep(1);
        const expected = {
          currentBufferUsed: 1,
          peakBufferUsed: 1,
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
        expect(send.statistics()).toEqual({
          ...expected,
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

  test("keep the peak of the buffer while it is drained, and after it was closed (CH-11, T155)", () => {
    const [send, receive] = openMemoryChannel<number>(Infinity);
    expect(send.statistics().peakBufferUsed).toBe(0);
    for (const value of [1, 2, 3]) send.sendNowait(value);
    for (let i = 0; i < 3; i++) receive.receiveNowait();
    send.sendNowait(4);
    expect(send.statistics()).toMatchObject({ currentBufferUsed: 1, peakBufferUsed: 3 });
    receive.close();
    expect(receive.statistics()).toMatchObject({ currentBufferUsed: 0, peakBufferUsed: 3 });
  });

  test("never count more in the buffer than it has places, also while senders wait (CH-11, T155)", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(0);
    const [fullSend, fullReceive] = openMemoryChannel<number>(2);
    await run(() =>
      openNursery(function* (nursery) {
        for (const end of [send, fullSend])
          for (let i = 0; i < 5; i++) nursery.startSoon(() => end.send(i));
        yield* checkpoint();
        for (let i = 0; i < 5; i++) expect(receive.receiveNowait()).toBe(i);
        for (let i = 0; i < 5; i++) expect(fullReceive.receiveNowait()).toBe(i);
      }),
    );
    expect(send.statistics().peakBufferUsed).toBe(0);
    expect(fullSend.statistics().peakBufferUsed).toBe(2);
  });
});

describe("a supplier", () => {
  test("is told of those who ask, of what is taken, and when nobody is left; it says how the channel ends", async () => {
    const { run, trace, log } = virtualRun();
    const supplier: Supplier<string> = {
      asked: () => log("asked"),
      taken: (sender: Waiter<void, string>) => {
        log(`taken ${sender.subject}`);
        sender.succeed();
      },
      abandoned: () => log("abandoned"),
      ending: () => new Error("its own ending"),
    };
    const state = new ChannelState<string>(0, supplier);
    const send = new SendChannel(state);
    const receive = new ReceiveChannel(state);
    await run(() =>
      openNursery(function* (nursery) {
        const first = nursery.startSoon(() => receive.receive());
        yield* checkpoint();
        yield* send.send("a");
        expect(yield* first.join()).toBe("a");
        nursery.startSoon(() => send.send("b"));
        yield* checkpoint();
        expect(yield* receive.receive()).toBe("b");
        const last = nursery.startSoon(() => caughtBy(() => receive.receive()));
        yield* checkpoint();
        send.close();
        expect(((yield* last.join()) as Error).message).toBe("its own ending");
        expect(() => receive.receiveNowait()).toThrow("its own ending");
        receive.close();
      }),
    );
    expect(trace.messages).toEqual(["asked", "taken b", "asked", "abandoned"]);
  });
});

describe("failWaiting", () => {
  test("gives each of those who wait an error of its own", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<string>(0);
    await run(() =>
      openNursery(function* (nursery) {
        const tasks = ["a", "b"].map(() =>
          nursery.startSoon(() => caughtBy(() => receive.receive())),
        );
        yield* checkpoint();
        send.close();
        const errors: unknown[] = [];
        for (const task of tasks) errors.push(yield* task.join());
        expect(errors).toEqual([expect.any(EndOfChannel), expect.any(EndOfChannel)]);
        expect(errors[0]).not.toBe(errors[1]);
      }),
    );
  });

  test("leaves those who wait elsewhere in the line, in their order", async () => {
    const { run } = virtualRun();
    const state = new ChannelState<string>(0);
    const [first, second] = [new SendChannel(state), new SendChannel(state)];
    const receive = new ReceiveChannel(state);
    await run(() =>
      openNursery(function* (nursery) {
        const error = new Error("for the first handle");
        const failed = [first, second, first, second].map((send, i) =>
          nursery.startSoon(() => caughtBy(() => send.send(`${i}`))),
        );
        yield* checkpoint();
        failWaiting(state.senders, () => error, first);
        expect(yield* receive.receive()).toBe("1");
        expect(yield* receive.receive()).toBe("3");
        const outcomes: unknown[] = [];
        for (const task of failed) outcomes.push(yield* task.join());
        expect(outcomes).toEqual([error, undefined, error, undefined]);
      }),
    );
  });
});
