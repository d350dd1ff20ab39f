import { once } from "node:events";
import { expect, test } from "vitest";
import { fromPromise, openNursery } from "../../src/index.js";
import { TlsTransport, type TlsTransportEvents } from "../../src/net/tls-transport.js";
import { bytes, textOf } from "../streams/text.js";
import { withSocketPair } from "./socket-pair.js";

function recorded(events: string[]): TlsTransportEvents {
  return {
    ended: () => void events.push("ended"),
    failed: (error) => void events.push(`failed: ${error.message}`),
    blocked: () => void events.push("blocked"),
  };
}

test("keeps the end to itself, and tells it when all that came before was seen", async () => {
  await withSocketPair(function* (client, server) {
    const events: string[] = [];
    const transport = new TlsTransport(client.socket, recorded(events));
    const ended = once(client.socket, "end");
    const { duplex } = transport;
    duplex.on("end", () => events.push("the duplex ended"));
    duplex.on("data", (chunk: Uint8Array) => events.push(`data: ${chunk.length}`));
    transport.open();
    yield* server.sendAll(bytes("12345"));
    yield* server.sendEof();
    yield* fromPromise(ended);
    expect(events).toEqual(["data: 5", "ended"]);
    const passed = once(duplex, "end");
    transport.passEnd();
    yield* fromPromise(passed);
    expect(events).toEqual(["data: 5", "ended", "the duplex ended"]);
  });
});

test("passes on what is written, and the end of it not", async () => {
  await withSocketPair(function* (client, server) {
    const events: string[] = [];
    const transport = new TlsTransport(client.socket, recorded(events));
    transport.open();
    yield* openNursery(function* (nursery) {
      const received = nursery.startSoon(() => textOf(server));
      transport.duplex.end(bytes("hello"));
      yield* fromPromise(once(transport.duplex, "finish"));
      expect(client.socket.writableEnded).toBe(false);
      client.socket.end();
      expect(yield* received.join()).toBe("hello");
    });
    expect(transport.isBlocked).toBe(false);
    expect(events).toEqual([]);
  });
});

test("tells that the system takes no more", async () => {
  await withSocketPair(function* (client) {
    const events: string[] = [];
    const transport = new TlsTransport(client.socket, recorded(events));
    transport.open();
    transport.duplex.write(new Uint8Array(16 * 1024 * 1024));
    expect(transport.isBlocked).toBe(true);
    expect(events).toEqual(["blocked"]);
    yield* client.aclose();
  });
});

test("tells that the connection is gone, also where it was before", async () => {
  await withSocketPair(function* (client) {
    const events: string[] = [];
    const transport = new TlsTransport(client.socket, recorded(events));
    transport.open();
    yield* client.aclose();
    expect(events).toEqual(["failed: the connection was closed"]);
    expect(transport.duplex.destroyed).toBe(true);
    new TlsTransport(client.socket, recorded(events)).open();
    expect(events).toHaveLength(2);
  });
});

test("destroys the socket with the Duplex", async () => {
  await withSocketPair(function* (client) {
    const transport = new TlsTransport(client.socket, recorded([]));
    transport.duplex.destroy();
    expect(client.socket.destroyed).toBe(true);
  });
});
