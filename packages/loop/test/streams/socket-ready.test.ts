import { Socket } from "node:net";
import { expect, test } from "vitest";
import { sleep } from "../../src/sleep.js";
import { socketReady } from "../../src/streams/socket-ready.js";
import { ConnectionLostError } from "../../src/streams/stream-errors.js";
import { messages } from "../on-virtual-time.js";

const ready = (socket: Socket) => () => ({ socket, event: "connect", use: () => "used" });

test("gives what is made of the socket at its event, and takes its listeners back", async () => {
  await messages(async ({ loop, host }) => {
    const socket = new Socket();
    const waiting = socketReady(loop, ready(socket), "a connection", {});
    expect(host.held).toEqual(["a connection"]);
    socket.emit("connect");
    expect(await waiting).toBe("used");
    expect(host.held).toEqual([]);
    expect([socket.listenerCount("connect"), socket.listenerCount("close")]).toEqual([0, 0]);
  });
});

test("an error comes out when the socket is closed, and a close without one is an error", async () => {
  await messages(async ({ loop }) => {
    const [failing, closing] = [new Socket(), new Socket()];
    const failed = socketReady(loop, ready(failing), "a connection", {});
    failing.destroy(new Error("refused"));
    await expect(failed).rejects.toThrow("refused");
    const closed = socketReady(loop, ready(closing), "a connection", {});
    closing.destroy();
    await expect(closed).rejects.toThrow(ConnectionLostError);
  });
});

test("a cancellation destroys the socket and comes out when that is closed", async () => {
  await messages(async ({ loop }) => {
    const socket = new Socket();
    const waiting = socketReady(loop, ready(socket), "a connection", {});
    waiting.cancel("enough");
    expect([socket.destroyed, waiting.done()]).toEqual([true, false]);
    await expect(waiting).rejects.toThrow("enough");
    expect(waiting.cancelled()).toBe(true);
    await sleep(0);
  });
});
