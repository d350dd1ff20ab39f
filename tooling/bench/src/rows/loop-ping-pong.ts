import { createTask, Queue } from "@trestle/loop";
import { expectResult } from "../expect-result.js";
import { keepLoop, timedInLoop } from "../in-loop.js";
import { Mailbox } from "../mailbox.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";
import { effectPingPong, nativeEcho } from "./ping-pong.js";

/** Two tasks of the loop and two queues with room for one value each: a number goes there, and comes back one larger. */
export const loopPingPongRow: Row = {
  name: "loop-ping-pong",
  title: "a value goes to another task of the loop by a queue, and comes back",
  unit: "ns",
  per: "round trip",
  count: "calibrated",
  step: 100,
  notes: [
    "The native mailbox is a promise for each value: it has no limit, and no wait in it can be cancelled.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "await queue.put, await queue.get",
      measure: (count) =>
        timedInLoop(async () => {
          const ping = new Queue<number>(1);
          const pong = new Queue<number>(1);
          const echo = createTask(loopEcho, ping, pong, count);
          let value = 0;
          for (let i = 0; i < count; i++) {
            await ping.put(value);
            value = await pong.get();
          }
          await echo;
          expectResult(value, count);
        }),
    },
    {
      library: "native",
      code: "await of a mailbox's promise",
      measure: (count) => {
        keepLoop();
        return timed(async () => {
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
        });
      },
    },
    {
      library: "Effect",
      code: "Queue.offer, Queue.take",
      measure: effectPingPong,
    },
  ],
};

async function loopEcho(from: Queue<number>, to: Queue<number>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await to.put((await from.get()) + 1);
}
