import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { openNursery, run, type Operation } from "../../src/index.js";
import {
  CertificateError,
  ConnectError,
  openTlsListeners,
  openTlsStream,
  type TlsStream,
} from "../../src/net.js";
import { acloseForcefully, closing } from "../../src/streams.js";
import { caughtBy } from "../streams/caught-by.js";
import { bytes, textOf } from "../streams/text.js";
import { localhost } from "./localhost-certificate.js";

const tls = { ca: localhost.cert };

/** Serves one TLS client, which gets a greeting. */
function* greetOne(listener: { accept(): Operation<TlsStream> }): Operation<void> {
  const connection = yield* listener.accept();
  yield* closing(connection, (stream) => stream.sendAll(bytes("hello")));
}

test.each(["localhost", "127.0.0.1"])(
  "connects to %s, and checks the certificate for it",
  async (host) => {
    await run(() =>
      openNursery(function* (nursery) {
        const [listener] = yield* openTlsListeners(0, { host: "127.0.0.1", tls: localhost });
        if (listener === undefined) return;
        nursery.startSoon(greetOne, listener);
        const stream = yield* openTlsStream(host, listener.transport.port ?? 0, { tls });
        expect(yield* textOf(stream)).toBe("hello");
        yield* stream.aclose();
        yield* listener.aclose();
      }),
    );
  },
);

test("does not talk to somebody with a certificate for another name", async () => {
  await run(() =>
    openNursery(function* (nursery) {
      const [listener] = yield* openTlsListeners(0, { host: "127.0.0.1", tls: localhost });
      if (listener === undefined) return;
      nursery.startSoon(() => caughtBy(() => greetOne(listener)));
      const stream = yield* openTlsStream("example.invalid", listener.transport.port ?? 0, {
        tls,
        lookup: function* () {
          return [{ address: "127.0.0.1", family: 4 } as const];
        },
      });
      const error = yield* caughtBy(() => stream.sendAll(bytes("secret")));
      expect(error).toBeInstanceOf(CertificateError);
      expect(error).toMatchObject({ reason: "ERR_TLS_CERT_ALTNAME_INVALID" });
      yield* acloseForcefully(stream);
      yield* listener.aclose();
    }),
  );
});

test("fails as TCP does", async () => {
  expect(() => openTlsStream("", 443)).toThrow(ArgumentError);
  await run(function* () {
    const [listener] = yield* openTlsListeners(0, { host: "127.0.0.1", tls: localhost });
    yield* listener?.aclose() ?? [];
    const port = listener?.transport.port ?? 0;
    expect(yield* caughtBy(() => openTlsStream("127.0.0.1", port))).toBeInstanceOf(ConnectError);
  });
});
