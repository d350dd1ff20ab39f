import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { expect, test } from "vitest";
import { getRunningLoop } from "../../src/current.js";
import { run } from "../../src/run.js";
import { Connection } from "../../src/streams/connection.js";

async function withConnection(
  body: (connection: Connection, other: Socket) => Promise<void>,
): Promise<void> {
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  const [other] = await accepted;
  try {
    await run(() => body(new Connection(getRunningLoop(), socket, "the other", {}), other));
  } finally {
    other.destroy();
    server.close();
    await once(server, "close");
  }
}

test("feeds its reader, until it is closed from here", () =>
  withConnection(async (connection, other) => {
    other.write("data");
    expect(String(await connection.reader.read(4))).toBe("data");
    connection.close();
    other.write("more");
    await connection.waitClosed({});
    expect(connection.reader.atEof()).toBe(true);
  }));

test("calls back once when it is closed", () =>
  withConnection(async (connection) => {
    let count = 0;
    connection.whenClosed(() => count++);
    connection.destroy();
    connection.destroy();
    await connection.waitClosed({});
    connection.lose(new Error("late"));
    expect(count).toBe(1);
  }));

test("what cannot be sent any more is forgotten", () =>
  withConnection(async (connection) => {
    connection.destroy();
    connection.write("late");
    connection.writeEof();
    connection.resumeReading();
    await connection.waitClosed({});
  }));

test("pausing keeps back what the other side sends", () =>
  withConnection(async (connection, other) => {
    connection.pauseReading();
    other.write("data");
    expect(connection.socket.isPaused()).toBe(true);
    connection.resumeReading();
    expect(String(await connection.reader.read(4))).toBe("data");
  }));
