import { ArgumentError } from "@trestle/host";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { expect, test } from "vitest";
import { createTask } from "../../src/create-task.js";
import { getRunningLoop } from "../../src/current.js";
import { NoLoopError } from "../../src/no-loop-error.js";
import { run } from "../../src/run.js";
import { openConnection, openUnixConnection } from "../../src/streams/open-connection.js";
import { localhost } from "./localhost-certificate.js";
import { withSocket } from "./stream-pair.js";

/** Runs a body in a loop, with a server of Node's; ends when all that was connected to it is closed. */
async function listening(server: Server, body: (port: number) => Promise<void>): Promise<void> {
  server.on("connection", (socket) => socket.resume());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await run(() => body((server.address() as AddressInfo).port));
  } finally {
    server.close();
    await once(server, "close");
  }
}

test("gives a reader and a writer of the connection", () =>
  withSocket(async ({ reader, writer, other }) => {
    other.end("from there\n");
    writer.write("from here");
    writer.writeEof();
    expect(String(await reader.readline())).toBe("from there\n");
    expect(await reader.read()).toEqual(Buffer.alloc(0));
    expect(reader.atEof()).toBe(true);
    expect(String((await once(other, "data"))[0])).toBe("from here");
  }));

test("a port where nobody listens: the platform's error", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  await run(async () => {
    await expect(openConnection("127.0.0.1", port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

test("cancelled or aborted while it connects it leaves no socket", async () => {
  await listening(createServer(), async (port) => {
    const task = createTask(() => openConnection("127.0.0.1", port));
    // Right after its first step: nothing can have connected in between.
    getRunningLoop().callSoon(() => void task.cancel("enough"));
    await expect(task).rejects.toThrow("enough");
    const controller = new AbortController();
    const aborted = openConnection("127.0.0.1", port, controller);
    controller.abort(new Error("the user left"));
    await expect(aborted).rejects.toThrow("the user left");
    await expect(openConnection("127.0.0.1", port, controller)).rejects.toThrow("the user left");
  });
});

test("cancelled when it is connected, before it is told, it closes the connection", async () => {
  const server = createServer();
  const connected = once(server, "connection");
  await listening(server, async (port) => {
    const task = createTask(() => openConnection("127.0.0.1", port));
    await connected;
    task.cancel();
    await task.catch(() => {});
    expect(task.cancelled()).toBe(true);
  });
});

test("a Unix socket", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trestle-"));
  const path = join(folder, "socket");
  const server = createServer((socket) => socket.end("hello\n"));
  server.listen(path);
  await once(server, "listening");
  await run(async () => {
    const [reader, writer] = await openUnixConnection(path);
    expect(String(await reader.read())).toBe("hello\n");
    writer.close();
    await writer.waitClosed();
    await expect(openUnixConnection(join(folder, "none"))).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
  server.close();
  await rm(folder, { recursive: true });
});

test("TLS: data, and what is known of the other side", async () => {
  const server = createTlsServer(localhost, (socket) => socket.end("secret\n"));
  await listening(server, async (port) => {
    const tls = { ca: localhost.cert, servername: "localhost" };
    const [reader, writer] = await openConnection("127.0.0.1", port, { tls });
    expect(String(await reader.read())).toBe("secret\n");
    expect(writer.getExtraInfo("cipher")?.version).toBe("TLSv1.3");
    expect(writer.canWriteEof()).toBe(false);
    writer.close();
    await writer.waitClosed();
  });
});

test("TLS with a certificate that is not trusted: the platform's error, and no socket", async () => {
  const server = createTlsServer(localhost);
  await listening(server, async (port) => {
    await expect(openConnection("127.0.0.1", port, { tls: true })).rejects.toMatchObject({
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
  });
});

test("a connection that nobody has closed is closed with its loop", async () => {
  const server = createServer();
  const connected = once(server, "connection");
  await listening(server, async (port) => {
    await openConnection("127.0.0.1", port);
    await connected;
  });
});

test("refuses what is no host, port, path or size, and needs a loop", async () => {
  await expect(openConnection("127.0.0.1", 80)).rejects.toThrow(NoLoopError);
  await run(async () => {
    await expect(openConnection("", 80)).rejects.toThrow(ArgumentError);
    for (const port of [0, -1, 65_536, 1.5, "80" as never]) {
      await expect(openConnection("127.0.0.1", port)).rejects.toThrow("from 1 to 65535");
    }
    await expect(openConnection("127.0.0.1", 80, { limit: 0 })).rejects.toThrow(ArgumentError);
    await expect(openConnection("127.0.0.1", 80, { highWaterMark: -1 })).rejects.toThrow(
      "a high water mark of -1",
    );
    await expect(openUnixConnection(42 as never)).rejects.toThrow(ArgumentError);
  });
});
