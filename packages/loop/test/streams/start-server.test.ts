import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTask } from "../../src/create-task.js";
import { currentTask, getRunningLoop } from "../../src/current.js";
import { Event } from "../../src/event.js";
import { Future } from "../../src/future.js";
import { gather } from "../../src/gather.js";
import { NoLoopError } from "../../src/no-loop-error.js";
import { run } from "../../src/run.js";
import { sleep } from "../../src/sleep.js";
import { openConnection, openUnixConnection } from "../../src/streams/open-connection.js";
import { startServer, startUnixServer } from "../../src/streams/start-server.js";
import type { StreamReader } from "../../src/streams/stream-reader.js";
import type { StreamWriter } from "../../src/streams/stream-writer.js";
import { localhost } from "./localhost-certificate.js";
import { withServer } from "./stream-pair.js";

async function echo(reader: StreamReader, writer: StreamWriter): Promise<void> {
  for await (const line of reader) {
    writer.write(line);
    await writer.drain();
  }
}

async function ask(port: number, question: string): Promise<string> {
  const [reader, writer] = await openConnection("127.0.0.1", port);
  writer.write(question);
  writer.writeEof();
  const answer = await reader.read();
  writer.close();
  await writer.waitClosed();
  return String(answer);
}

test("runs the handler for each connection, side by side", () =>
  withServer(echo, async (port) => {
    const questions = Array.from({ length: 20 }, (_, i) => `question ${i}\nand more\n`);
    const answers = await gather(questions.map((question) => () => ask(port, question)));
    expect(answers).toEqual(questions);
  }));

test("a handler is a task that is named after itself and its client", () =>
  withServer(
    async (_reader, writer) => writer.write(currentTask()?.name ?? "none"),
    async (port) => {
      expect(await ask(port, "")).toMatch(/^handler of 127\.0\.0\.1:\d+$/u);
    },
  ));

test("a handler's end closes its connection; what it fails with is reported, and the server goes on", async () => {
  const reported: string[] = [];
  await withServer(
    async (reader) => {
      const line = await reader.readline();
      throw new Error(`cannot answer ${String(line).trim()}`);
    },
    async (port) => {
      getRunningLoop().setExceptionHandler((_loop, { message, exception }) => {
        reported.push(`${message.replace(/\d+'/u, "PORT'")}: ${String(exception)}`);
      });
      expect(await ask(port, "one\n")).toBe("");
      expect(await ask(port, "two\n")).toBe("");
    },
  );
  expect(reported).toEqual([
    "task 'handler of 127.0.0.1:PORT' failed: Error: cannot answer one",
    "task 'handler of 127.0.0.1:PORT' failed: Error: cannot answer two",
  ]);
});

test("a plain function may keep the connection open", async () => {
  let accept: (writer: StreamWriter) => void = () => {};
  const accepted = new Promise<StreamWriter>((resolve) => (accept = resolve));
  await withServer(
    (_reader, writer) => accept(writer),
    async (port) => {
      const [reader, writer] = await openConnection("127.0.0.1", port);
      const reading = createTask(() => reader.readline());
      const kept = await accepted;
      kept.write("kept\n");
      expect(String(await reading)).toBe("kept\n");
      writer.close();
    },
  );
});

test("handlers that are alive at the end of run are cancelled, and their connections closed", async () => {
  const log: string[] = [];
  const closed = new Promise<void>((resolve) => {
    void run(async () => {
      const isThere = new Event();
      const server = await startServer(async (_reader, writer) => {
        writer.write("hello");
        isThere.set();
        await sleep(3_600_000).catch((error: unknown) => {
          log.push((error as Error).name);
          throw error;
        });
      }, "127.0.0.1");
      const client = connect(server.sockets[0]?.port ?? 0, "127.0.0.1");
      client.on("data", (data) => log.push(String(data)));
      client.on("close", () => resolve());
      await isThere.wait();
      await once(client, "data");
    });
  });
  await closed;
  expect(log).toEqual(["hello", "CancelledError"]);
});

test("a Unix socket, whose file goes with the server", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trestle-"));
  const path = join(folder, "socket");
  await run(async () => {
    const server = await startUnixServer(echo, path);
    expect(server.sockets).toEqual([{ address: path, port: 0, family: "unix" }]);
    const [reader, writer] = await openUnixConnection(path);
    writer.write("hello\n");
    expect(String(await reader.readline())).toBe("hello\n");
    expect(writer.getExtraInfo("peername")).toBeUndefined();
    writer.close();
    server.close();
    await server.waitClosed();
  });
  await expect(access(path)).rejects.toMatchObject({ code: "ENOENT" });
  await rm(folder, { recursive: true });
});

test("TLS; a client that cannot shake hands is no harm", () =>
  withServer(
    echo,
    async (port) => {
      const plain = connect(port, "127.0.0.1");
      plain.end("this is not TLS\n");
      plain.resume();
      await once(plain, "close");
      const tls = { ca: localhost.cert, servername: "localhost" };
      const [reader, writer] = await openConnection("127.0.0.1", port, { tls });
      writer.write("secret\n");
      expect(String(await reader.readline())).toBe("secret\n");
      writer.close();
      await writer.waitClosed();
    },
    { tls: localhost },
  ));

test("handlers run in the async context of who started the server", async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen = await storage.run("mine", async () => {
    let found: string | undefined;
    await withServer(
      async () => void (found = storage.getStore()),
      async (port) => void (await ask(port, "")),
    );
    return found;
  });
  expect(seen).toBe("mine");
});

test("an address that is in use: the platform's error", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await run(async () => {
    await expect(startServer(echo, "127.0.0.1", port)).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });
  other.close();
});

test("cancelled or aborted before it listens it listens no more", async () => {
  await run(async () => {
    const task = createTask(() => startServer(echo, "127.0.0.1"));
    await sleep(0);
    task.cancel("enough");
    await expect(task).rejects.toThrow("enough");
    const controller = new AbortController();
    const aborted = startServer(echo, "127.0.0.1", 0, controller);
    controller.abort(new Error("the user left"));
    await expect(aborted).rejects.toThrow("the user left");
  });
});

test("a virtual clock stands still while a socket operation is pending", async () => {
  const host = new VirtualHost();
  await run(
    async () => {
      const late = new Future<void>();
      getRunningLoop().callLater(3_600_000, () => late.setResult());
      const server = await startServer(echo, "127.0.0.1");
      const [reader, writer] = await openConnection("127.0.0.1", server.sockets[0]?.port ?? 0);
      writer.write("hello\n");
      expect(String(await reader.readline())).toBe("hello\n");
      writer.close();
      await writer.waitClosed();
      server.close();
      await server.waitClosed();
      expect([host.now(), host.held]).toEqual([0, []]);
      await late;
    },
    { host },
  );
  expect(host.now()).toBe(3_600_000);
});

test("refuses what is no handler, port or size, and needs a loop", async () => {
  await expect(startServer(echo)).rejects.toThrow(NoLoopError);
  await run(async () => {
    await expect(startServer(42 as never)).rejects.toThrow(WrongFlavorError);
    await expect(startServer(function* () {})).rejects.toThrow("asLoop");
    await expect(startServer(echo, "127.0.0.1", 70_000)).rejects.toThrow(ArgumentError);
    await expect(startServer(echo, "127.0.0.1", 0, { limit: Number.NaN })).rejects.toThrow(
      ArgumentError,
    );
    await expect(startUnixServer(echo, "")).rejects.toThrow(ArgumentError);
  });
});
