// Pieces of work for an event loop, which are run on a loop alone and on one inside of a structured run. Each does its work
// `count` times.
import { createTask, gather, getRunningLoop, sleep } from "@trestle/loop";
import { openConnection, startServer } from "@trestle/loop/streams";
import { expectResult } from "./expect-result.js";
import { poolsOf, work } from "./thread-pools.js";

/** Callbacks, each of which asks for the next one. */
export function callSoonChain(count: number): Promise<void> {
  const loop = getRunningLoop();
  return new Promise((resolve) => {
    let left = count;
    function next(): void {
      if (left-- === 0) resolve();
      else loop.callSoon(next);
    }
    next();
  });
}

/** Sleeps of no length, each of which lets everything run that is ready. */
export async function pauses(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await sleep(0);
}

/** Tasks, made and awaited one after another. */
export async function tasks(count: number): Promise<void> {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += await createTask(one);
  expectResult(sum, count);
}

async function one(): Promise<number> {
  return 1;
}

/** Sleeps at the same time that end at different instants within a millisecond: the work is more than the waiting. */
export async function timers(count: number): Promise<void> {
  await gather(Array.from({ length: count }, (_, i) => sleep(((i * 7919) % count) / count)));
}

/** A line goes over a loopback connection to a server in the same loop, and comes back. */
export async function echo(count: number): Promise<void> {
  await using server = await startServer(async (reader, writer) => {
    for await (const line of reader) {
      writer.write(line);
      await writer.drain();
    }
  }, "127.0.0.1");
  const [reader, writer] = await openConnection("127.0.0.1", server.sockets[0]?.port ?? 0);
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    writer.write("hello\n");
    bytes += (await reader.readline()).length;
  }
  writer.close();
  await writer.waitClosed();
  expectResult(bytes, 6 * count);
}

/** Jobs that do nothing, one after another in a thread: there and back. */
export async function jobs(count: number): Promise<void> {
  const loop = getRunningLoop();
  const { trestle } = poolsOf(1);
  for (let i = 0; i < count; i++) expectResult(await loop.runInExecutor(trestle, work.echo, i), i);
}
