// What the platform and npm have that takes an AbortSignal, in tasks that are cancelled: the work stops, and nothing is left.
import { EventEmitter, getEventListeners, on, once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setInterval, setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { abortable } from "../../src/abortable.js";
import { CancelledError } from "../../src/cancelled-error.js";
import { createTask } from "../../src/create-task.js";
import { currentSignal } from "../../src/current-signal.js";
import { currentTask } from "../../src/current.js";
import { Future } from "../../src/future.js";
import { run } from "../../src/run.js";
import { sleep } from "../../src/sleep.js";
import { taskGroup } from "../../src/task-group.js";
import type { Task } from "../../src/task.js";

interface Outside {
  readonly url: string;
  /** Is done when a request has come. */
  readonly came: Future<IncomingMessage>;
  /** Is done when its client has gone away before the answer. */
  readonly aborted: Future<void>;
}

/** A server that never answers, until the body has ended. */
async function silentServer(body: (server: Outside) => Promise<void>): Promise<void> {
  const came = new Future<IncomingMessage>();
  const aborted = new Future<void>();
  const server = createServer((request, response) => {
    response.on("close", () => {
      if (!response.writableFinished && !aborted.done()) aborted.setResult();
    });
    if (request.url === "/half") response.write("the first half");
    came.setResult(request);
  });
  const url = await listening(server);
  try {
    await body({ url, came, aborted });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function outcomeOf(task: Task<unknown>): Promise<string> {
  try {
    await task;
    return "ended";
  } catch (error) {
    return `${task.cancelled() ? "cancelled" : "failed"}: ${String(error)}`;
  }
}

test("fetch with the signal of its task: the server sees the abort, and the task is cancelled", async () => {
  await run(() =>
    silentServer(async ({ url, came, aborted }) => {
      const task = createTask(() => fetch(url, { signal: currentSignal() }));
      await came;
      task.cancel("enough");
      expect(await outcomeOf(task)).toBe("cancelled: CancelledError: enough");
      await aborted;
    }),
  );
});

test("fetch in 'abortable': one CancelledError at one place, so that the task can clean up with awaits", async () => {
  const log: string[] = [];
  await run(() =>
    silentServer(async ({ url, came, aborted }) => {
      const task = createTask(async () => {
        try {
          await abortable((signal) => fetch(url, { signal }));
        } catch (error) {
          log.push(String(error));
          await sleep(1);
          log.push("cleaned up");
          throw error;
        }
      });
      await came;
      task.cancel("enough");
      log.push(await outcomeOf(task));
      await aborted;
    }),
  );
  expect(log).toEqual([
    "CancelledError: enough",
    "cleaned up",
    "cancelled: CancelledError: enough",
  ]);
});

test("the body of a response that is read in a task stops with it", async () => {
  await run(() =>
    silentServer(async ({ url, aborted }) => {
      const chunks = new Future<Uint8Array>();
      const task = createTask(() =>
        abortable(async (signal) => {
          const response = await fetch(`${url}/half`, { signal });
          for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
            chunks.setResult(chunk);
          }
        }),
      );
      expect(Buffer.from(await chunks).toString()).toBe("the first half");
      task.cancel();
      await outcomeOf(task);
      expect(task.cancelled()).toBe(true);
      await aborted;
    }),
  );
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

test("node:timers/promises: the timer is gone, and the task is cancelled", async () => {
  await run(async () => {
    const before = timers();
    const task = createTask(() =>
      abortable((signal) => setTimeout(3_600_000, undefined, { signal })),
    );
    const ticking = createTask(() =>
      abortable(async (signal) => {
        for await (const _tick of setInterval(3_600_000, undefined, { signal }));
      }),
    );
    await sleep(0);
    await sleep(0);
    expect(timers()).toBe(before + 2);
    task.cancel("enough");
    ticking.cancel("enough, too");
    expect(await outcomeOf(task)).toBe("cancelled: CancelledError: enough");
    expect(await outcomeOf(ticking)).toBe("cancelled: CancelledError: enough, too");
    expect(timers()).toBe(before);
  });
});

test("with the bare signal of the task its AbortError is the cancellation, too", async () => {
  await run(async () => {
    const task = createTask(() => setTimeout(3_600_000, undefined, { signal: currentSignal() }));
    await sleep(0);
    await sleep(0);
    task.cancel("enough");
    expect(await outcomeOf(task)).toBe("cancelled: CancelledError: enough");
  });
});

test("node:events: 'once' and 'on' take their listeners back", async () => {
  await run(async () => {
    const emitter = new EventEmitter();
    const seen: unknown[] = [];
    const waiting = createTask(() => abortable((signal) => once(emitter, "news", { signal })));
    const listening = createTask(() =>
      abortable(async (signal) => {
        for await (const [item] of on(emitter, "item", { signal })) seen.push(item);
      }),
    );
    await sleep(0);
    await sleep(0);
    emitter.emit("item", 1);
    await sleep(0);
    expect(emitter.listenerCount("news")).toBe(1);
    waiting.cancel();
    listening.cancel();
    await outcomeOf(waiting);
    await outcomeOf(listening);
    expect([waiting.cancelled(), listening.cancelled(), seen]).toEqual([true, true, [1]]);
    expect(emitter.eventNames()).toEqual([]);
  });
});

test("a pipeline of streams is destroyed, both ends", async () => {
  await run(async () => {
    const source = new Readable({ read() {} });
    const stalled = new Future<void>();
    const sink = new Writable({ write: () => stalled.setResult() });
    const task = createTask(() => abortable((signal) => pipeline(source, sink, { signal })));
    source.push("data");
    await stalled;
    task.cancel("enough");
    expect(await outcomeOf(task)).toBe("cancelled: CancelledError: enough");
    expect([source.destroyed, sink.destroyed]).toEqual([true, true]);
  });
});

test("a Readable that a task iterates over is destroyed with it", async () => {
  await run(async () => {
    const closed = new Future<void>();
    const source = new Readable({
      read() {},
      destroy(error, callback) {
        closed.setResult();
        callback(error);
      },
    });
    const seen: string[] = [];
    const task = createTask(() =>
      abortable(async (signal) => {
        const stop = (): void => void source.destroy(signal.reason as Error);
        signal.addEventListener("abort", stop, { once: true });
        for await (const chunk of source) seen.push(String(chunk));
      }),
    );
    source.push("data");
    await sleep(0);
    await sleep(0);
    task.cancel("enough");
    expect(await outcomeOf(task)).toBe("cancelled: CancelledError: enough");
    await closed;
    expect(seen).toEqual(["data"]);
  });
});

test("work that ends in time leaves nothing on the signal of its task", async () => {
  await run(async () => {
    const emitter = new EventEmitter();
    const waiting = once(emitter, "news", { signal: currentSignal() });
    emitter.emit("news", "none");
    await waiting;
    expect(getEventListeners(currentSignal(), "abort")).toEqual([]);
    expect(currentTask()?.signal).toBe(currentSignal());
  });
});

test("a task that ends with another error than the abort's has failed", async () => {
  await run(async () => {
    const task = createTask(async () => {
      await setTimeout(3_600_000, undefined, { signal: currentSignal() }).catch(() => {});
      throw new Error("a defect");
    });
    await sleep(0);
    await sleep(0);
    task.cancel();
    expect(await outcomeOf(task)).toBe("failed: Error: a defect");
    expect(new CancelledError()).toBeInstanceOf(Error);
  });
});

test("in a task group the signal's AbortError is the cancellation and not one of the errors", async () => {
  await run(async () => {
    const group = taskGroup(async (tasks) => {
      void tasks.createTask(() => Promise.reject(new Error("a failure beside it")));
      await setTimeout(3_600_000, undefined, { signal: currentSignal() });
    });
    await expect(group).rejects.toMatchObject({ errors: [new Error("a failure beside it")] });
    await sleep(0);
    expect(currentTask()?.cancelling()).toBe(0);
  });
});
