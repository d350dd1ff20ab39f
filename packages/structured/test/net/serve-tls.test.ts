import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { expect, test, vi } from "vitest";
import { openNursery, run, sleepForever } from "../../src/index.js";
import {
  openTcpStream,
  openTlsStream,
  serveTls,
  type TlsListener,
  type TlsStream,
} from "../../src/net.js";
import { closing, eachChunk } from "../../src/streams.js";
import { bytes, text, textOf } from "../streams/text.js";
import { localhost } from "./localhost-certificate.js";

test("serves TLS clients, warns of one that is none, and closes every stream", async () => {
  const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const served: TlsStream[] = [];
  await run(() =>
    openNursery(function* (nursery) {
      const [listener] = yield* nursery.start<readonly TlsListener[], []>((status) =>
        serveTls(
          function* (connection) {
            served.push(connection);
            yield* closing(connection, (stream) =>
              eachChunk(stream, (chunk) => stream.sendAll(chunk)),
            );
          },
          0,
          { host: "127.0.0.1", tls: localhost, status },
        ),
      );
      const port = listener?.transport.port ?? 0;
      const stranger = yield* openTcpStream("127.0.0.1", port);
      yield* stranger.sendAll(bytes("GET / HTTP/1.0\r\n\r\n"));
      yield* stranger.sendEof();
      yield* textOf(stranger);
      yield* stranger.aclose();
      const client = yield* openTlsStream("localhost", port, { tls: { ca: localhost.cert } });
      yield* client.sendAll(bytes("echo"));
      expect(text(yield* client.receiveSome())).toBe("echo");
      yield* client.aclose();
      nursery.cancelScope.cancel();
    }),
  );
  expect(served.map(({ transport }) => transport.socket.destroyed)).toEqual([true, true]);
  expect(emitWarning).toHaveBeenCalledTimes(1);
  expect(String(emitWarning.mock.calls[0]?.[0])).toContain("Cannot shake hands with a client");
});

test("refuses what it cannot serve, at the call", () => {
  expect(() => serveTls((async () => {}) as never, 0, { tls: localhost })).toThrow(
    WrongFlavorError,
  );
  expect(() => serveTls(sleepForever, -1, { tls: localhost })).toThrow(ArgumentError);
  expect(() => serveTls(sleepForever, 0, { tls: { ...localhost, cert: "none" } })).toThrow(
    /PEM|DECODER/,
  );
});
