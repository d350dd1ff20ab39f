import { expect, test } from "vitest";
import { moveOnAfter, openNursery, sleep } from "../../src/index.js";
import { TlsHandshake } from "../../src/net/tls-handshake.js";
import { caughtBy } from "../streams/caught-by.js";
import { virtualRun } from "../virtual-run.js";

test("all who wait have what came of it, and later ones do not wait", async () => {
  const { run, host } = virtualRun();
  await run(() =>
    openNursery(function* (nursery) {
      const handshake = new TlsHandshake<string>();
      expect(handshake.value).toBeUndefined();
      const waiting = [1, 2].map(() => nursery.startSoon(() => handshake.wait()));
      yield* sleep(0);
      expect(host.held).toEqual(["a TLS handshake", "a TLS handshake"]);
      handshake.succeed("session");
      for (const task of waiting) expect(yield* task.join()).toBe("session");
      expect(yield* handshake.wait()).toBe("session");
      expect(handshake.value).toBe("session");
      expect(host.held).toEqual([]);
    }),
  );
});

test("of success and failures the first counts", async () => {
  const { run } = virtualRun();
  await run(function* () {
    const handshake = new TlsHandshake<string>();
    const error = new Error("first");
    handshake.fail(error);
    handshake.fail(new Error("second"));
    handshake.succeed("too late");
    expect(handshake.value).toBeUndefined();
    expect(yield* caughtBy(() => handshake.wait())).toBe(error);
  });
});

test("a cancelled wait leaves it alone", async () => {
  const { run, host } = virtualRun();
  await run(function* () {
    const handshake = new TlsHandshake<string>();
    yield* moveOnAfter(0, () => handshake.wait());
    expect(host.held).toEqual([]);
    handshake.succeed("session");
    expect(handshake.value).toBe("session");
  });
});
