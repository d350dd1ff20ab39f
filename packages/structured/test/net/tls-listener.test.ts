import { expect, test } from "vitest";
import { ClosedResourceError, moveOnAfter, openNursery, run } from "../../src/index.js";
import { openTcpStream, openTlsListeners, TlsListener, TlsStream } from "../../src/net.js";
import { waitAllTasksBlocked } from "../../src/testing.js";
import { caughtBy } from "../streams/caught-by.js";
import { localhost } from "./localhost-certificate.js";

test("gives a stream for each connection, whose handshake is for later", async () => {
  await run(() =>
    openNursery(function* (nursery) {
      const [listener] = yield* openTlsListeners(0, { host: "127.0.0.1", tls: localhost });
      expect(listener).toBeInstanceOf(TlsListener);
      if (listener === undefined) return;
      // It never says a word, and keeps nobody waiting.
      const silent = yield* openTcpStream("127.0.0.1", listener.transport.port ?? 0);
      yield* moveOnAfter(0, () => listener.accept());
      const stream = yield* listener.accept();
      expect(stream).toBeInstanceOf(TlsStream);
      expect(stream.transport.remoteAddress).toEqual(silent.localAddress);
      yield* stream.aclose();
      yield* silent.aclose();
      const waiting = nursery.startSoon(() => caughtBy(() => listener.accept()));
      yield* waitAllTasksBlocked();
      yield* listener.aclose();
      expect(yield* waiting.join()).toBeInstanceOf(ClosedResourceError);
      expect(listener.transport.server.listening).toBe(false);
    }),
  );
});
