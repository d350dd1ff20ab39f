import { Socket } from "node:net";
import { expect, test } from "vitest";
import { extraInfoOf } from "../../src/streams/extra-info.js";
import { withSocket } from "./stream-pair.js";

test("of a plain socket: both ends, and nothing of TLS", () =>
  withSocket(async ({ writer, other }) => {
    expect(extraInfoOf(writer.getExtraInfo("socket"))).toMatchObject({
      peername: { address: "127.0.0.1", port: other.localPort, family: 4 },
      sockname: { address: "127.0.0.1", port: other.remotePort, family: 4 },
      peercert: undefined,
      cipher: undefined,
    });
  }));

test("of one that is not connected: nothing but itself", () => {
  const socket = new Socket();
  expect(extraInfoOf(socket)).toEqual({ socket });
});

test("a writer keeps it when its connection is closed", () =>
  withSocket(async ({ writer }) => {
    const before = writer.getExtraInfo("peername");
    writer.abort();
    await writer.waitClosed();
    expect(before?.address).toBe("127.0.0.1");
    expect(writer.getExtraInfo("peername")).toBe(before);
  }));
