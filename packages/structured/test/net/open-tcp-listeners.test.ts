import { ArgumentError } from "@trestle/host";
import { Server } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { run } from "../../src/index.js";
import { ListenError, openTcpListeners, openTcpStream } from "../../src/net.js";
import { caughtBy } from "../streams/caught-by.js";
import { openListener } from "./socket-pair.js";

/** Makes listening at some addresses fail, as a system without that family does. */
function withoutAddresses(code: string, refused: (address: string) => boolean): Server[] {
  const servers: Server[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- called with a server below
  const listen = Server.prototype.listen as (this: Server, options: { host: string }) => Server;
  vi.spyOn(Server.prototype, "listen").mockImplementation(function (
    this: Server,
    ...args: unknown[]
  ) {
    servers.push(this);
    const options = args[0] as { host: string };
    if (!refused(options.host)) return listen.call(this, options);
    const error = Object.assign(new Error(`listen ${code}`), { code, syscall: "listen" });
    process.nextTick(() => this.emit("error", error));
    return this;
  });
  return servers;
}

describe("openTcpListeners", () => {
  test("SRV-1: listens at each address of this machine, each family by itself", async () => {
    await run(function* () {
      const listeners = yield* openTcpListeners(0);
      expect(listeners[0]?.address).toBe("0.0.0.0");
      for (const listener of listeners) {
        const host = listener.address === "::" ? "::1" : "127.0.0.1";
        const client = yield* openTcpStream(host, listener.port ?? 0);
        const server = yield* listener.accept();
        expect(server.remoteAddress).toEqual(client.localAddress);
        yield* client.aclose();
        yield* server.aclose();
      }
      for (const listener of listeners) yield* listener.aclose();
    });
  });

  test("listens at the addresses of a name, once at each", async () => {
    await run(function* () {
      const listeners = yield* openTcpListeners(0, { host: "localhost" });
      const addresses = listeners.map(({ address }) => address);
      expect(addresses).toContain("127.0.0.1");
      expect(new Set(addresses).size).toBe(addresses.length);
      for (const listener of listeners) yield* listener.aclose();
    });
  });

  test("fails where the address is in use", async () => {
    await run(function* () {
      const listener = yield* openListener();
      const { port } = listener;
      const error = yield* caughtBy(() => openTcpListeners(port, { host: "127.0.0.1" }));
      expect(error).toBeInstanceOf(ListenError);
      expect((error as Error).message).toContain(`Cannot listen at '127.0.0.1:${port}'`);
      expect((error as Error).cause).toMatchObject({ code: "EADDRINUSE" });
      yield* listener.aclose();
    });
  });

  test("SRV-1: leaves a family out that the system has not", async () => {
    for (const code of ["EAFNOSUPPORT", "EADDRNOTAVAIL"]) {
      withoutAddresses(code, (address) => address === "::");
      await run(function* () {
        const listeners = yield* openTcpListeners(0);
        expect(listeners.map(({ address }) => address)).toEqual(["0.0.0.0"]);
        for (const listener of listeners) yield* listener.aclose();
      });
      vi.restoreAllMocks();
    }
  });

  test("SRV-1: fails where the system has none of them", async () => {
    withoutAddresses("EAFNOSUPPORT", () => true);
    await expect(run(() => openTcpListeners(80))).rejects.toMatchObject({
      code: "TRESTLE_LISTEN",
      cause: { errors: [{ code: "TRESTLE_LISTEN" }, { code: "TRESTLE_LISTEN" }] },
    });
    await expect(run(() => openTcpListeners(80, { host: "127.0.0.1" }))).rejects.toMatchObject({
      cause: { code: "EAFNOSUPPORT" },
    });
  });

  test("SRV-1: closes those that are open where a later one fails", async () => {
    const servers = withoutAddresses("EACCES", (address) => address === "::");
    await expect(run(() => openTcpListeners(0))).rejects.toBeInstanceOf(ListenError);
    expect(servers.map(({ listening }) => listening)).toEqual([false, false]);
  });

  test.each<[string, unknown, object]>([
    ["a port that is a text", "80", {}],
    ["a negative port", -1, {}],
    ["an empty host", 80, { host: "" }],
    ["a backlog of 0", 80, { backlog: 0 }],
  ])("refuses %s, at the call", (_what, port, options) => {
    expect(() => openTcpListeners(port as number, options)).toThrow(ArgumentError);
  });
});
