import {
  openMemoryChannel,
  openNursery,
  run,
  type Operation,
  type ReceiveChannel,
  type SendChannel,
} from "@trestle/structured";
import { Effect, Queue } from "effect";
import {
  createQueue,
  run as runEffection,
  spawn,
  type Operation as EffectionOperation,
  type Queue as EffectionQueue,
} from "effection";
import { brokenExchange } from "../audits/broken-exchange.js";
import { expectResult } from "../expect-result.js";
import { Mailbox } from "../mailbox.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** Two tasks and two channels with room for one value each: a number goes there, and comes back one larger. */
export const pingPongRow: Row = {
  name: "ping-pong",
  title: "a value goes to another task and comes back",
  unit: "ns",
  per: "round trip",
  count: "calibrated",
  step: 100,
  notes: [
    "Trestle's send and receive are checkpoints, four turns a round trip; the others wait only where they must.",
    "Effection's queue has no limit; the native mailbox is a promise for each value.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "send, receive",
      measure: (count) =>
        timed(async () => {
          const last = await run(() =>
            openNursery(function* (nursery) {
              const [ping, pinged] = openMemoryChannel<number>(1);
              const [pong, ponged] = openMemoryChannel<number>(1);
              nursery.startSoon(trestleEcho, pinged, pong, count);
              let value = 0;
              for (let i = 0; i < count; i++) {
                yield* ping.send(value);
                value = yield* ponged.receive();
              }
              return value;
            }),
          );
          expectResult(last, count);
        }),
      audit: brokenExchange.Trestle,
    },
    {
      library: "native",
      code: "await of a mailbox's promise",
      measure: (count) =>
        timed(async () => {
          const ping = new Mailbox<number>();
          const pong = new Mailbox<number>();
          const echo = nativeEcho(ping, pong, count);
          let value = 0;
          for (let i = 0; i < count; i++) {
            ping.put(value);
            value = await pong.take();
          }
          await echo;
          expectResult(value, count);
        }),
      audit: brokenExchange.native,
    },
    {
      library: "Effect",
      code: "Queue.offer, Queue.take",
      measure: effectPingPong,
      audit: brokenExchange.Effect,
    },
    {
      library: "Effection",
      code: "queue.add, yield* queue.next()",
      measure: (count) =>
        timed(async () => {
          const last = await runEffection(function* () {
            const ping = createQueue<number, void>();
            const pong = createQueue<number, void>();
            void (yield* spawn(() => effectionEcho(ping, pong, count)));
            let value = 0;
            for (let i = 0; i < count; i++) {
              ping.add(value);
              value = valueOf(yield* pong.next());
            }
            return value;
          });
          expectResult(last, count);
        }),
      audit: brokenExchange.Effection,
    },
  ],
};

function* trestleEcho(
  from: ReceiveChannel<number>,
  to: SendChannel<number>,
  count: number,
): Operation<void> {
  for (let i = 0; i < count; i++) yield* to.send((yield* from.receive()) + 1);
}

/** Takes numbers, and sends each back one larger, with native promises. */
export async function nativeEcho(
  from: Mailbox<number>,
  to: Mailbox<number>,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i++) to.put((await from.take()) + 1);
}

/** Times it in Effect. */
export function effectPingPong(count: number): Promise<number> {
  return timed(async () => expectResult(await Effect.runPromise(exchange(count)), count));
}

function exchange(count: number): Effect.Effect<number> {
  return Effect.gen(function* () {
    const ping = yield* Queue.bounded<number>(1);
    const pong = yield* Queue.bounded<number>(1);
    const echo = Effect.gen(function* () {
      for (let i = 0; i < count; i++) yield* Queue.offer(pong, (yield* Queue.take(ping)) + 1);
    });
    yield* Effect.forkChild(echo);
    let value = 0;
    for (let i = 0; i < count; i++) {
      yield* Queue.offer(ping, value);
      value = yield* Queue.take(pong);
    }
    return value;
  });
}

function* effectionEcho(
  from: EffectionQueue<number, void>,
  to: EffectionQueue<number, void>,
  count: number,
): EffectionOperation<void> {
  for (let i = 0; i < count; i++) to.add(valueOf(yield* from.next()) + 1);
}

function valueOf(item: IteratorResult<number, void>): number {
  return item.done ? Number.NaN : item.value;
}
