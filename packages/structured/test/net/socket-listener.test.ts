import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import {
  BusyResourceError,
  ClosedResourceError,
  fromPromise,
  moveOnAfter,
  openNursery,
  run,
} from "../../src/index.js";
import { openTcpStream } from "../../src/net.js";
import { assertCheckpoints, waitAllTasksBlocked } from "../../src/testing.js";
import { groupedErrorsOf } from "../rejection-of.js";
import { caughtBy } from "../streams/caught-by.js";
import { textOf } from "../streams/text.js";
import { openListener } from "./socket-pair.js";

const errorOf = (code: string): Error => Object.assign(new Error(code), { code });

describe("a SocketListener", () => {
  test("gives connections in the order in which they came, with a checkpoint for each", async () => {
    await run(function* () {
      const listener = yield* openListener();
      const clients = [];
      for (let i = 0; i < 3; i++) clients.push(yield* openTcpStream("127.0.0.1", listener.port));
      for (const client of clients) {
        const server = yield* assertCheckpoints(() => listener.accept());
        expect(server.remoteAddress).toEqual(client.localAddress);
        yield* server.aclose();
        yield* client.aclose();
      }
      yield* listener.aclose();
    });
  });

  test("loses no connection to an accept that is cancelled", async () => {
    await run(function* () {
      const listener = yield* openListener();
      const client = yield* openTcpStream("127.0.0.1", listener.port);
      const { cancelledCaught } = yield* moveOnAfter(0, () => listener.accept());
      expect(cancelledCaught).toBe(true);
      const server = yield* listener.accept();
      expect(server.remoteAddress).toEqual(client.localAddress);
      yield* server.aclose();
      yield* client.aclose();
      yield* listener.aclose();
    });
  });

  test("ABC-11: refuses a second accept beside the first", async () => {
    const main = run(() =>
      openNursery(function* (nursery) {
        const listener = yield* openListener();
        try {
          nursery.startSoon(() => listener.accept());
          yield* waitAllTasksBlocked();
          yield* listener.accept();
        } finally {
          listener.server.close();
        }
      }),
    );
    expect((await groupedErrorsOf(main))[0]).toBeInstanceOf(BusyResourceError);
  });

  test("ABC-11: fails an accept when it is closed, before and meanwhile", async () => {
    await run(() =>
      openNursery(function* (nursery) {
        const listener = yield* openListener();
        const waiting = nursery.startSoon(() => caughtBy(() => listener.accept()));
        yield* waitAllTasksBlocked();
        yield* listener.aclose();
        expect(yield* waiting.join()).toBeInstanceOf(ClosedResourceError);
        expect(yield* caughtBy(() => listener.accept())).toBeInstanceOf(ClosedResourceError);
        yield* assertCheckpoints(() => listener.aclose());
      }),
    );
  });

  test("destroys connections that nobody accepted, when it is closed", async () => {
    await run(function* () {
      const listener = yield* openListener();
      const taken = once(listener.server, "connection");
      const client = yield* openTcpStream("127.0.0.1", listener.port);
      yield* fromPromise(taken);
      yield* listener.aclose();
      expect(yield* textOf(client)).toBe("");
      yield* client.aclose();
    });
  });

  test("SO-6: passes over an error of one connection, and throws others, once", async () => {
    await run(() =>
      openNursery(function* (nursery) {
        const listener = yield* openListener();
        listener.server.emit("error", errorOf("ECONNABORTED"));
        const waiting = nursery.startSoon(() => caughtBy(() => listener.accept()));
        yield* waitAllTasksBlocked();
        listener.server.emit("error", errorOf("EPROTO"));
        yield* waitAllTasksBlocked();
        expect(waiting.outcome).toBeUndefined();
        listener.server.emit("error", errorOf("EMFILE"));
        expect(yield* waiting.join()).toMatchObject({ code: "EMFILE" });
        const client = connect({ port: listener.port, host: "127.0.0.1" });
        const server = yield* listener.accept();
        client.destroy();
        yield* server.aclose();
        yield* listener.aclose();
      }),
    );
  });

  test("keeps a reset of a connection that nobody has accepted yet from ending the process", async () => {
    await run(function* () {
      const listener = yield* openListener();
      const client = yield* openTcpStream("127.0.0.1", listener.port);
      client.socket.resetAndDestroy();
      const server = yield* listener.accept();
      expect(yield* caughtBy(() => server.receiveSome())).toMatchObject({
        cause: { code: "ECONNRESET" },
      });
      yield* server.aclose();
      yield* listener.aclose();
    });
  });
});
