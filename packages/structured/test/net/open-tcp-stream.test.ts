import { ArgumentError, type ExceptionGroup } from "@trestle/host";
import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { moveOnAfter, run, type Operation } from "../../src/index.js";
import {
  ConnectError,
  openTcpListeners,
  openTcpStream,
  type ResolvedAddress,
} from "../../src/net.js";
import { rejectionOf } from "../rejection-of.js";
import { bytes, textOf } from "../streams/text.js";
import { virtualRun } from "../virtual-run.js";
import { openListener } from "./socket-pair.js";

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

/** Gives a port of 127.0.0.1 at which nobody listens. */
function* freePort(): Operation<number> {
  const listener = yield* openListener();
  yield* listener.aclose();
  return listener.port;
}

function lookupOf(...addresses: ResolvedAddress[]): () => Operation<ResolvedAddress[]> {
  return function* () {
    return addresses;
  };
}

const LOCAL: ResolvedAddress = { address: "127.0.0.1", family: 4 };

describe("openTcpStream", () => {
  test.each(["127.0.0.1", "localhost"])("connects to %s", async (host) => {
    await run(function* () {
      const listener = yield* openListener();
      const client = yield* openTcpStream(host, listener.port);
      const server = yield* listener.accept();
      yield* client.sendAll(bytes("hello"));
      yield* client.aclose();
      expect(yield* textOf(server)).toBe("hello");
      yield* server.aclose();
      yield* listener.aclose();
    });
  });

  test.skipIf(!hasIpv6)("connects to ::1, and names it in brackets", async () => {
    await run(function* () {
      const [listener] = yield* openTcpListeners(0, { host: "::1" });
      const port = listener?.port ?? 0;
      const client = yield* openTcpStream("::1", port);
      expect(client.remoteAddress).toEqual({ address: "::1", family: 6, port });
      yield* client.aclose();
      yield* listener?.aclose() ?? [];
      const error = yield* caught(() => openTcpStream("::1", port));
      expect(error.message).toContain(`Cannot connect to '[::1]:${port}': the attempt failed.`);
    });
  });

  test("connects from a local address of the right family (HE-5)", async () => {
    await run(function* () {
      const listener = yield* openListener();
      const client = yield* openTcpStream("127.0.0.1", listener.port, {
        localAddress: "127.0.0.1",
      });
      expect(client.localAddress?.address).toBe("127.0.0.1");
      yield* client.aclose();
      const error = yield* caught(() =>
        openTcpStream("127.0.0.1", listener.port, { localAddress: "::1" }),
      );
      expect(error).toBeInstanceOf(ConnectError);
      expect(error.message).toContain("of another family");
      yield* listener.aclose();
    });
  });

  test("goes on to the next address when one refuses, and finds the addresses by the lookup given (HE-1, HE-2)", async () => {
    await run(function* () {
      const listener = yield* openListener();
      const asked: string[] = [];
      const client = yield* openTcpStream("example.invalid", listener.port, {
        lookup: function* (host) {
          asked.push(host);
          return [{ address: "127.0.0.2", family: 4 } as const, LOCAL];
        },
      });
      expect(asked).toEqual(["example.invalid"]);
      expect(client.remoteAddress?.address).toBe("127.0.0.1");
      yield* client.aclose();
      yield* listener.aclose();
    });
  });

  test("fails with what the platform says of each address (HE-3, HE-7)", async () => {
    await run(function* () {
      const port = yield* freePort();
      const error = yield* caught(() =>
        openTcpStream("h", port, { lookup: lookupOf(LOCAL, LOCAL) }),
      );
      expect(error).toBeInstanceOf(ConnectError);
      expect(error.message).toContain(`127.0.0.1:${port}: Error: connect ECONNREFUSED`);
      expect((error.cause as ExceptionGroup).errors).toHaveLength(2);
    });
  });

  test("fails where the host has no address", async () => {
    await expect(run(() => openTcpStream("h", 80, { lookup: lookupOf() }))).rejects.toThrow(
      "Cannot connect to 'h:80': no address was found.",
    );
  });

  test("fails with the lookup's error for a cause, where the host is not found", async () => {
    const notFound = Object.assign(new Error("getaddrinfo ENOTFOUND h"), {
      code: "ENOTFOUND",
      syscall: "getaddrinfo",
    });
    const main = (error: Error) => (): Operation<unknown> =>
      openTcpStream("h", 80, {
        lookup: function* () {
          throw error;
        },
      });
    expect(await rejectionOf(run(main(notFound)))).toMatchObject({
      code: "TRESTLE_CONNECT",
      cause: notFound,
    });
    const bug = new TypeError("a bug of the lookup");
    expect(await rejectionOf(run(main(bug)))).toBe(bug);
  });

  test("leaves nothing open when it is cancelled at once", async () => {
    const { run: runVirtually, host } = virtualRun();
    await runVirtually(function* () {
      const listener = yield* openListener();
      const { cancelledCaught } = yield* moveOnAfter(0, () =>
        openTcpStream("127.0.0.1", listener.port),
      );
      expect(cancelledCaught).toBe(true);
      yield* listener.aclose();
    });
    expect(host.held).toEqual([]);
  });

  test.each<[string, unknown, unknown, object]>([
    ["no host", "", 80, {}],
    ["a host that is no text", undefined, 80, {}],
    ["a port that is a text", "h", "80", {}],
    ["port 0", "h", 0, {}],
    ["port 65536", "h", 65_536, {}],
    ["port 1.5", "h", 1.5, {}],
    ["a negative delay", "h", 80, { happyEyeballsDelay: -1 }],
    ["a delay that is no number", "h", 80, { happyEyeballsDelay: Number.NaN }],
    ["a local address that is a name", "h", 80, { localAddress: "localhost" }],
  ])("HE-4: refuses %s, at the call", (_what, host, port, options) => {
    expect(() => openTcpStream(host as string, port as number, options)).toThrow(ArgumentError);
  });
});

function* caught(operation: () => Operation<unknown>): Operation<Error> {
  try {
    yield* operation();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Expected an error.");
}
