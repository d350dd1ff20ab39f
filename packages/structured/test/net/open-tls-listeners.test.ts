import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { run } from "../../src/index.js";
import { ListenError, openTlsListeners } from "../../src/net.js";
import { localhost } from "./localhost-certificate.js";

test("listens as TCP does, at each address", async () => {
  await run(function* () {
    const listeners = yield* openTlsListeners(0, { tls: localhost });
    expect(listeners[0]?.transport.address).toBe("0.0.0.0");
    for (const listener of listeners) yield* listener.aclose();
  });
  await expect(
    run(() => openTlsListeners(1, { host: "192.0.2.1", tls: localhost })),
  ).rejects.toBeInstanceOf(ListenError);
});

test("refuses bad arguments and a key that is none, at the call, before it listens", () => {
  expect(() => openTlsListeners(-1, { tls: localhost })).toThrow(ArgumentError);
  expect(() => openTlsListeners(0, { tls: { ...localhost, key: "no key" } })).toThrow(
    /PEM|DECODER/,
  );
});
