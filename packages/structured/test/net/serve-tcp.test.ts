import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { openNursery, run, sleepForever, type Operation } from "../../src/index.js";
import {
  GracefulStop,
  ListenError,
  openTcpStream,
  serveTcp,
  type ServeTcpOptions,
  type SocketListener,
  type SocketStream,
} from "../../src/net.js";
import { eachChunk } from "../../src/streams.js";
import { rejectionOf } from "../rejection-of.js";
import { bytes, textOf } from "../streams/text.js";

const LOCAL: ServeTcpOptions = { host: "127.0.0.1" };

const echo = (stream: SocketStream): Operation<void> =>
  eachChunk(stream, (chunk) => stream.sendAll(chunk));

describe("serveTcp", () => {
  test("serves several clients at once, and closes every stream and listener", async () => {
    const served: SocketStream[] = [];
    let listener: SocketListener | undefined;
    await run(() =>
      openNursery(function* (nursery) {
        [listener] = yield* nursery.start<readonly SocketListener[], []>((status) =>
          serveTcp(
            function* (stream) {
              served.push(stream);
              yield* echo(stream);
            },
            0,
            { ...LOCAL, status },
          ),
        );
        const clients: SocketStream[] = [];
        for (const name of ["a", "b", "c"]) {
          const client = yield* openTcpStream("127.0.0.1", listener?.port ?? 0);
          yield* client.sendAll(bytes(name));
          clients.push(client);
        }
        for (const client of clients) yield* client.sendEof();
        const answers: string[] = [];
        for (const client of clients) answers.push(yield* textOf(client));
        expect(answers).toEqual(["a", "b", "c"]);
        for (const client of clients) yield* client.aclose();
        nursery.cancelScope.cancel();
      }),
    );
    expect(served.map(({ socket }) => socket.destroyed)).toEqual([true, true, true]);
    expect(listener?.server.listening).toBe(false);
  });

  test("lets its clients finish in a graceful stop, and takes no others (SRV-7)", async () => {
    const stop = new GracefulStop();
    await run(() =>
      openNursery(function* (nursery) {
        const [listener] = yield* nursery.start<readonly SocketListener[], []>((status) =>
          serveTcp(echo, 0, { ...LOCAL, status, stop }),
        );
        const port = listener?.port ?? 0;
        const client = yield* openTcpStream("127.0.0.1", port);
        yield* client.sendAll(bytes("before"));
        expect(yield* client.receiveSome()).toHaveLength(6);
        stop.request();
        yield* client.sendAll(bytes("after"));
        yield* client.sendEof();
        expect(yield* textOf(client)).toBe("after");
        yield* client.aclose();
      }),
    );
  });

  test("says from `start` where it cannot listen", async () => {
    await run(() =>
      openNursery(function* (nursery) {
        const [listener] = yield* nursery.start<readonly SocketListener[], []>((status) =>
          serveTcp(echo, 0, { ...LOCAL, status }),
        );
        let error: unknown;
        try {
          yield* nursery.start((status) =>
            serveTcp(echo, listener?.port ?? 0, { ...LOCAL, status }),
          );
        } catch (caught) {
          error = caught;
        }
        expect(error).toBeInstanceOf(ListenError);
        nursery.cancelScope.cancel();
      }),
    );
  });

  test("refuses what it cannot serve, at the call, before anything is open", async () => {
    expect(() => serveTcp((async () => {}) as never, 0)).toThrow(WrongFlavorError);
    expect(() => serveTcp(sleepForever, -1)).toThrow(ArgumentError);
    expect(() => serveTcp(sleepForever, 0, { onHandlerError: "ignore" as "warn" })).toThrow(
      ArgumentError,
    );
    expect(
      await rejectionOf(run(() => serveTcp(sleepForever, 1, { host: "192.0.2.1" }))),
    ).toBeInstanceOf(ListenError);
  });
});
