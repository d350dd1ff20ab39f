// An executor layer that blocks, as small as can be: each call has a worker of its own, and the work is the text of a function.
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { BlockingOptions, ExecutorLayer, ExecutorWork, LoopExecutor } from "@trestle/loop";

/** Work for it. */
export function workOf<A extends unknown[], T>(fn: (...args: A) => T): ExecutorWork<A, Awaited<T>> {
  return { text: String(fn) } as ExecutorWork<A, Awaited<T>>;
}

export class BlockingLayer implements ExecutorLayer {
  openDefaultExecutor(): LoopExecutor {
    throw new Error("Nobody asks for it in these tests.");
  }

  runUntilComplete<A extends unknown[], T>(
    work: ExecutorWork<A, T>,
    args: A,
    { timeoutMs }: BlockingOptions = {},
  ): T {
    const { port1, port2 } = new MessageChannel();
    const done = new Int32Array(new SharedArrayBuffer(4));
    const { text } = work as { readonly text: string };
    const worker = new Worker(WORKER, {
      eval: true,
      workerData: { text, args, port: port2, done },
      transferList: [port2],
    });
    const ended = Atomics.wait(done, 0, 0, timeoutMs);
    const answer = receiveMessageOnPort(port1)?.message as
      | { error?: unknown; value?: T }
      | undefined;
    port1.close();
    void worker.terminate();
    if (ended === "timed-out") throw new Error(`The work took more than ${String(timeoutMs)} ms.`);
    if (answer !== undefined && "error" in answer) throw answer.error;
    return answer?.value as T;
  }
}

const WORKER = `
const { workerData: { text, args, port, done } } = require("node:worker_threads");
const tell = (answer) => {
  port.postMessage(answer);
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
};
Promise.resolve().then(() => eval("(" + text + ")")(...args)).then((value) => tell({ value }), (error) => tell({ error }));
`;
