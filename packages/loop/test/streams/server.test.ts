import { connect } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { CancelledError } from "../../src/cancelled-error.js";
import { createTask } from "../../src/create-task.js";
import { Event } from "../../src/event.js";
import { InvalidStateError } from "../../src/invalid-state-error.js";
import { run } from "../../src/run.js";
import { sleep } from "../../src/sleep.js";
import { openConnection } from "../../src/streams/open-connection.js";
import { startServer } from "../../src/streams/start-server.js";
import type { StreamReader } from "../../src/streams/stream-reader.js";
import { withServer } from "./stream-pair.js";

const untilEnd = async (reader: StreamReader): Promise<void> => void (await reader.read());

test("close stops listening and leaves connections; waitClosed waits for them", () =>
  withServer(untilEnd, async (port, server) => {
    const [, writer] = await openConnection("127.0.0.1", port);
    const log: string[] = [];
    expect(server.isServing()).toBe(true);
    server.close();
    server.close();
    expect([server.isServing(), server.sockets]).toEqual([false, []]);
    await expect(openConnection("127.0.0.1", port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    const waiting = createTask(() => server.waitClosed()).then(() => log.push("closed"));
    await sleep(0);
    log.push("the client leaves");
    writer.close();
    await waiting;
    await server.waitClosed();
    expect(log).toEqual(["the client leaves", "closed"]);
  }));

test("waitClosed waits for the close, and may be cancelled or aborted", () =>
  withServer(untilEnd, async (_port, server) => {
    const task = createTask(() => server.waitClosed());
    const controller = new AbortController();
    const aborted = createTask(() => server.waitClosed(controller));
    await sleep(0);
    await sleep(0);
    expect(task.done()).toBe(false);
    task.cancel();
    controller.abort("the user left");
    await expect(task).rejects.toThrow(CancelledError);
    await expect(aborted).rejects.toBe("the user left");
  }));

test("closeClients closes every connection, so that handlers see the end", () =>
  withServer(untilEnd, async (port, server) => {
    const [reader] = await openConnection("127.0.0.1", port);
    await accepted(port);
    server.closeClients();
    expect(await reader.read()).toEqual(Buffer.alloc(0));
  }));

/** Waits until connections that were made before have been accepted: they come in order. */
async function accepted(port: number): Promise<void> {
  const client = connect(port, "127.0.0.1");
  await once(client, "connect");
  client.end();
  client.resume();
  await once(client, "close");
}

test("serveForever ends with its cancellation, which closes the server and its connections", async () => {
  await run(async () => {
    const isThere = new Event();
    const server = await startServer(async (reader) => {
      isThere.set();
      await reader.read();
    }, "127.0.0.1");
    const serving = createTask(() => server.serveForever());
    const [reader] = await openConnection("127.0.0.1", server.sockets[0]?.port ?? 0);
    await isThere.wait();
    serving.cancel("enough");
    await expect(serving).rejects.toThrow("enough");
    expect(server.isServing()).toBe(false);
    expect(await reader.read()).toEqual(Buffer.alloc(0));
    await expect(server.serveForever()).rejects.toThrow(InvalidStateError);
  });
});

test("close cancels serveForever, an abort ends it with its reason, and one at a time waits there", async () => {
  await run(async () => {
    const first = await startServer(untilEnd, "127.0.0.1");
    const serving = createTask(() => first.serveForever());
    await sleep(0);
    await sleep(0);
    await expect(first.serveForever()).rejects.toThrow("somebody does so already");
    first.close();
    await serving.catch(() => {});
    expect(serving.cancelled()).toBe(true);
    const second = await startServer(untilEnd, "127.0.0.1");
    const controller = new AbortController();
    const aborted = createTask(() => second.serveForever(controller));
    await sleep(0);
    controller.abort(new Error("the user left"));
    await expect(aborted).rejects.toThrow("the user left");
    expect(second.isServing()).toBe(false);
  });
});

test("'await using' closes it with its connections, also where the block fails", async () => {
  await run(async () => {
    let reader: StreamReader | undefined;
    const block = async (): Promise<void> => {
      await using server = await startServer(untilEnd, "127.0.0.1");
      const port = server.sockets[0]?.port ?? 0;
      [reader] = await openConnection("127.0.0.1", port);
      await accepted(port);
      throw new Error("a defect");
    };
    await expect(block()).rejects.toThrow("a defect");
    expect(await reader?.read()).toEqual(Buffer.alloc(0));
  });
});

test("a server that nobody has closed is closed with its loop", async () => {
  let port = 0;
  await run(async () => {
    const server = await startServer(untilEnd, "127.0.0.1");
    port = server.sockets[0]?.port ?? 0;
  });
  const client = connect(port, "127.0.0.1");
  const [error] = (await once(client, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
});
