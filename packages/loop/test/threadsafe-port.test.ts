import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { MessageChannel, Worker } from "node:worker_threads";
import { WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test, vi } from "vitest";
import { currentLoop, currentTask, getRunningLoop } from "../src/current.js";
import { EventLoop } from "../src/event-loop.js";
import { run } from "../src/run.js";
import { threadsafeCaller } from "../src/threadsafe-port.js";

interface Handlers {
  add(a: number, b: number): void;
  done(): void;
}

test("another thread calls functions on the loop by their names, in order, as callbacks", async () => {
  const log: string[] = [];
  await run(async () => {
    const loop = getRunningLoop();
    const end = loop.createFuture<void>("the worker's last call");
    using port = loop.threadsafePort({
      add: (a: number, b: number) =>
        log.push(`${a + b} ${currentLoop() === loop} ${currentTask()?.name}`),
      done: () => end.setResult(),
    });
    const worker = new Worker(
      `const { workerData } = require("node:worker_threads");
       for (let i = 0; i < 3; i++) workerData.postMessage({ call: "add", args: [i, i] });
       workerData.postMessage({ call: "done" });`,
      { eval: true, workerData: port.port, transferList: [port.port] },
    );
    await end;
    await worker.terminate();
  });
  expect(log).toEqual(["0 true undefined", "2 true undefined", "4 true undefined"]);
});

test("the end of the other thread closes the port, and lets the host go", async () => {
  const host = new VirtualHost();
  const loop = new EventLoop({ host });
  const port = loop.threadsafePort({});
  expect([host.held, port.isClosed]).toEqual([["a port for calls from another thread"], false]);
  const worker = new Worker("", { eval: true, workerData: port.port, transferList: [port.port] });
  await once(worker, "exit");
  await vi.waitFor(() => expect(port.isClosed).toBe(true));
  expect(host.held).toEqual([]);
  await loop.close();
});

/** A port whose other end is in this thread. */
function open(): {
  loop: EventLoop;
  call: ReturnType<typeof threadsafeCaller<Handlers>>;
  post: (message: unknown) => void;
  log: string[];
  settle: () => Promise<void>;
} {
  const loop = new EventLoop();
  const log: string[] = [];
  loop.setExceptionHandler((_, { message }) => log.push(message));
  const { port } = loop.threadsafePort({
    add: (a: number, b: number) => log.push(String(a + b)),
  });
  return {
    loop,
    call: threadsafeCaller<Handlers>(port),
    post: (message) => port.postMessage(message),
    log,
    // What was posted before has arrived when this has.
    settle: async () => {
      const seen = loop.createFuture<void>();
      const last = loop.threadsafePort({ seen: () => seen.setResult() });
      threadsafeCaller<{ seen(): void }>(last.port)("seen");
      await loop.runUntilComplete(seen);
      last.close();
    },
  };
}

test("calls from the same thread arrive, too, and what the port does not have is reported", async () => {
  const { loop, call, post, log, settle } = open();
  call("add", 1, 2);
  call("done");
  for (const message of [5, null, { call: 5 }, { call: "add", args: 5 }, { call: "toString" }]) {
    post(message);
  }
  await settle();
  await loop.close();
  expect(log.toSorted()).toEqual(
    [
      "3",
      "Another thread has called 'done', which the port does not have",
      "Another thread has called 'toString', which the port does not have",
      ...Array.from({ length: 4 }, () => "Another thread has called what is no call"),
    ].toSorted(),
  );
});

test("a loop that closes closes its ports, and takes no calls any more", async () => {
  const { loop, call, log } = open();
  const port = loop.threadsafePort({});
  await loop.close();
  expect(port.isClosed).toBe(true);
  port.close();
  call("add", 1, 2);
  await new Promise<void>((resolve) => void setImmediate(resolve));
  expect(log).toEqual([]);
});

test("handlers run in the context of the opening", async () => {
  const request = new AsyncLocalStorage<string>();
  const loop = new EventLoop();
  const log: unknown[] = [];
  const end = loop.createFuture<void>();
  const { port } = request.run("mine", () =>
    loop.threadsafePort({
      look: () => {
        log.push(request.getStore());
        end.setResult();
      },
    }),
  );
  port.postMessage({ call: "look" });
  await loop.runUntilComplete(end);
  await loop.close();
  expect(log).toEqual(["mine"]);
});

test("refuses async functions, which nobody would await", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  expect(() => loop.threadsafePort({ load: async () => {} })).toThrow(WrongFlavorError);
  expect(() => loop.threadsafePort({ load: 5 as never })).toThrow(WrongFlavorError);
  await loop.close();
});

test("a caller works with any port", async () => {
  const { port1, port2 } = new MessageChannel();
  threadsafeCaller<Handlers>(port1)("add", 1, 2);
  const [message] = (await once(port2, "message")) as unknown[];
  expect(message).toEqual({ call: "add", args: [1, 2] });
  port1.close();
});
