import { connect } from "node:tls";
import { expect, test } from "vitest";
import { openNursery, run } from "../../src/index.js";
import { wrapTlsServer } from "../../src/net.js";
import { TlsHandshake } from "../../src/net/tls-handshake.js";
import { TlsSession } from "../../src/net/tls-session.js";
import { TlsTransport } from "../../src/net/tls-transport.js";
import { caughtBy } from "../streams/caught-by.js";
import { bytes, text } from "../streams/text.js";
import { localhost } from "./localhost-certificate.js";
import { socketPair } from "./socket-pair.js";

test("knows that the other side has closed before all was received, and gives the rest", async () => {
  await run(function* () {
    const [below, other] = yield* socketPair();
    const server = wrapTlsServer(other, { tls: localhost });
    const handshake = new TlsHandshake<TlsSession>();
    const transport = new TlsTransport(below.socket, {
      ended: () => {},
      failed: (error) => handshake.fail(error),
      blocked: () => {},
    });
    const socket = connect({ socket: transport.duplex, host: "localhost", ca: localhost.cert });
    socket.once("secureConnect", () => handshake.succeed(new TlsSession(socket, transport)));
    transport.open();
    yield* openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        yield* server.sendAll(bytes("12"));
        yield* server.aclose();
      });
      const session = yield* handshake.wait();
      expect(session.isOver).toBe(false);
      expect(text(yield* session.receiveSome(1))).toBe("1");
      expect(text(yield* session.receiveSome(1))).toBe("2");
      expect(yield* session.receiveSome(1)).toHaveLength(0);
      expect(session.isOver).toBe(true);
      session.end();
      session.fail(new Error("behind the end"));
      expect(yield* session.receiveSome(1)).toHaveLength(0);
      expect(yield* caughtBy(() => session.sendAll(bytes("x")))).toMatchObject({
        cause: { message: "behind the end" },
      });
      yield* session.close("said");
    });
    yield* below.aclose();
  });
});
