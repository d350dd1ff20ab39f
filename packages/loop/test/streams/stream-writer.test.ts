import { ArgumentError } from "@trestle/host";
import { once } from "node:events";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { CancelledError } from "../../src/cancelled-error.js";
import { createTask } from "../../src/create-task.js";
import { InvalidStateError } from "../../src/invalid-state-error.js";
import { sleep } from "../../src/sleep.js";
import { openConnection } from "../../src/streams/open-connection.js";
import { ConnectionLostError } from "../../src/streams/stream-errors.js";
import type { StreamWriter } from "../../src/streams/stream-writer.js";
import { localhost } from "./localhost-certificate.js";
import { withServer, withSocket } from "./stream-pair.js";

const BIG = Buffer.alloc(16 * 1024 * 1024, "x");

async function received(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  return Buffer.concat(chunks);
}

test("what is written arrives in order, as bytes, text and lines", () =>
  withSocket(async ({ writer, other }) => {
    writer.write("héllo ");
    writer.write(new Uint8Array([119]));
    writer.write("");
    writer.writelines(["orld", Buffer.from("!"), "\n"]);
    await writer.drain();
    writer.close();
    expect(String(await received(other))).toBe("héllo world!\n");
    await writer.waitClosed();
  }));

test("drain waits while more than the high water mark is unsent, and until the other side has read", () =>
  withSocket(async ({ writer, other }) => {
    const log: string[] = [];
    writer.write("small");
    await writer.drain();
    writer.write(BIG);
    const draining = createTask(() => writer.drain()).finally(() => log.push("drained"));
    // It reads nothing, so nothing can change.
    await sleep(0);
    await sleep(0);
    log.push("reads");
    other.resume();
    await draining;
    expect(log).toEqual(["reads", "drained"]);
  }));

test("a drain that is cancelled or aborted takes nothing back", () =>
  withSocket(async ({ writer, other }) => {
    writer.write(BIG);
    const controller = new AbortController();
    const task = createTask(() => writer.drain());
    const aborted = createTask(() => writer.drain(controller));
    await sleep(0);
    await sleep(0);
    task.cancel();
    controller.abort(new Error("the user left"));
    await expect(task).rejects.toThrow(CancelledError);
    await expect(aborted).rejects.toThrow("the user left");
    writer.close();
    expect((await received(other)).length).toBe(BIG.length);
  }));

test("close sends what was written before, and drain then tells", () =>
  withSocket(async ({ reader, writer, other }) => {
    writer.write(BIG);
    writer.close();
    writer.close();
    expect(writer.isClosing()).toBe(true);
    expect((await received(other)).length).toBe(BIG.length);
    await writer.waitClosed();
    await writer.waitClosed();
    await expect(writer.drain()).rejects.toThrow(ConnectionLostError);
    expect(() => writer.write("late")).toThrow(InvalidStateError);
    expect(await reader.read()).toEqual(Buffer.alloc(0));
  }));

test("close does not wait for the other side to close, nor is it stopped by what that sends", () =>
  withSocket(async ({ writer, other }) => {
    other.write(BIG);
    await sleep(0);
    writer.write("bye");
    writer.close();
    await writer.waitClosed();
  }));

test("abort closes at once", () =>
  withSocket(async ({ reader, writer }) => {
    writer.write(BIG);
    const waits = [createTask(() => reader.read()), createTask(() => writer.waitClosed())];
    await sleep(0);
    writer.abort();
    await Promise.all(waits);
    expect(writer.isClosing()).toBe(true);
  }));

test("writeEof ends what is sent, and reading goes on", () =>
  withSocket(async ({ reader, writer, other }) => {
    writer.write("question");
    expect(writer.canWriteEof()).toBe(true);
    writer.writeEof();
    writer.writeEof();
    expect(() => writer.write("late")).toThrow("its end was written");
    expect(String(await received(other))).toBe("question");
    other.end("answer");
    expect(String(await reader.read())).toBe("answer");
  }));

test("a connection that the other side resets: who waits is told, and drain, and the cause", () =>
  withSocket(async ({ reader, writer, other }) => {
    const waits = [
      createTask(() => reader.read()),
      createTask(() => writer.waitClosed()),
      createTask(async () => {
        writer.write(BIG);
        await writer.drain();
      }),
    ];
    await sleep(0);
    other.resetAndDestroy();
    const errors = await Promise.all(waits.map((wait) => wait.catch((error: unknown) => error)));
    for (const error of errors) {
      const { code, cause } = error as { code: string; cause?: { code: string } };
      expect(cause?.code ?? code).toMatch(/^(ECONNRESET|EPIPE)$/u);
    }
    expect(errors[2]).toBeInstanceOf(ConnectionLostError);
    // Forgotten, as there is nobody to send it to.
    writer.write("late");
    await expect(writer.drain()).rejects.toThrow(/ECONNRESET|EPIPE/u);
  }));

test("waiting for the end may be cancelled, by each who waits for itself", () =>
  withSocket(async ({ writer, other }) => {
    const [one, two] = [
      createTask(() => writer.waitClosed()),
      createTask(() => writer.waitClosed()),
    ];
    await sleep(0);
    one.cancel();
    await expect(one).rejects.toThrow(CancelledError);
    other.resume();
    writer.close();
    await two;
    const controller = new AbortController();
    controller.abort("the user left");
    await expect(writer.waitClosed(controller)).rejects.toBe("the user left");
  }));

test("'await using' closes it, and waits", () =>
  withSocket(async ({ writer, other }) => {
    {
      await using closing = writer;
      closing.write("bye");
      other.resume();
    }
    expect(other.readableEnded || writer.isClosing()).toBe(true);
    await writer.waitClosed();
  }));

test("tells both ends, the socket, and what is not there", () =>
  withSocket(async ({ writer, other }) => {
    expect(writer.getExtraInfo("peername")).toEqual({
      address: "127.0.0.1",
      port: other.localPort,
      family: 4,
    });
    expect(writer.getExtraInfo("sockname")?.port).toBe(other.remotePort);
    expect(writer.getExtraInfo("socket")?.remotePort).toBe(other.localPort);
    expect(writer.getExtraInfo("cipher")).toBeUndefined();
    expect(writer.getExtraInfo("peercert", "none")).toBe("none");
    expect(writer.getExtraInfo("nothing" as never, 1 as never)).toBe(1);
  }));

test("refuses to write what is no text and no bytes", () =>
  withSocket(async ({ writer }) => {
    expect(() => writer.write(42 as never)).toThrow(ArgumentError);
    expect(() => writer.write(null as never)).toThrow("Cannot write null");
  }));

test("startTls lays TLS over a connection in use, on both sides", async () => {
  const secured: boolean[] = [];
  await withServer(
    async (reader, writer) => {
      expect(String(await reader.readline())).toBe("STARTTLS\n");
      writer.write("go ahead\n");
      await writer.startTls(localhost);
      secured.push(writer.getExtraInfo("socket") instanceof TLSSocket);
      writer.write(await reader.readline());
    },
    async (port) => {
      const [reader, writer] = await openConnection("127.0.0.1", port);
      writer.write("STARTTLS\n");
      expect(String(await reader.readline())).toBe("go ahead\n");
      await writer.startTls({ ca: localhost.cert, servername: "localhost" });
      writer.write("secret\n");
      expect(String(await reader.read())).toBe("secret\n");
      expect(writer.getExtraInfo("peercert")?.subject.CN).toBe("localhost");
      expect(() => writer.writeEof()).toThrow("TLS has none");
      writer.close();
      await writer.waitClosed();
    },
  );
  expect(secured).toEqual([true]);
});

test("a handshake that fails closes the connection on both sides", async () => {
  const failures: unknown[] = [];
  await withServer(
    async (_reader, writer) => {
      await writer.startTls(localhost).catch((error: unknown) => failures.push(error));
    },
    async (port) => {
      const [reader, writer] = await openConnection("127.0.0.1", port);
      const options = { servername: "localhost" };
      await expect(writer.startTls(options)).rejects.toMatchObject({
        code: "DEPTH_ZERO_SELF_SIGNED_CERT",
      });
      expect(writer.isClosing()).toBe(true);
      await expect(reader.read()).rejects.toThrow("self-signed");
      await expect(writer.waitClosed()).rejects.toThrow("self-signed");
    },
  );
  expect(failures.length).toBeLessThanOrEqual(1);
});

test("a handshake that is cancelled closes the connection", () =>
  withSocket(async ({ writer, other }) => {
    const task = createTask(() => writer.startTls({ servername: "localhost" }));
    await once(other, "data");
    task.cancel("enough");
    await expect(task).rejects.toThrow("enough");
    expect(writer.isClosing()).toBe(true);
    const closing: StreamWriter = writer;
    await expect(closing.waitClosed()).rejects.toThrow("enough");
  }));
