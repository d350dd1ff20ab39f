import { describe, expect, test } from "vitest";
import { openNursery, type Operation } from "../../src/index.js";
import {
  openTcpStream,
  openTlsStream,
  serveTcp,
  serveTls,
  type SocketListener,
  type SocketStream,
  type TlsListener,
} from "../../src/net.js";
import { closing, eachChunk, type Stream } from "../../src/streams.js";
import { cancelAtEachCheckpoint } from "../../src/testing.js";
import { localhost } from "../net/localhost-certificate.js";
import { bytes, text } from "../streams/text.js";

/** The sockets that Node has open. */
function openSockets(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /^(?:TCP|Pipe|TLS|GetAddrInfo).*(?:Wrap|Req)/u.test(name));
}

/** Comes back when Node has closed what was to be closed. */
async function settled(before: number): Promise<void> {
  while (openSockets().length > before) {
    // oxlint-disable-next-line no-await-in-loop -- each turn of the platform closes some
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const echo = (connection: Stream): Operation<void> =>
  closing(connection, (stream) => eachChunk(stream, (chunk) => stream.sendAll(chunk)));

function* ask(stream: Stream): Operation<void> {
  yield* closing(stream, function* () {
    yield* stream.sendAll(bytes("echo"));
    if (text(yield* stream.receiveSome()) !== "echo") throw new Error("no echo");
  });
}

function* overTcp(): Operation<void> {
  yield* openNursery(function* (nursery) {
    const [listener] = yield* nursery.start<readonly SocketListener[], []>((status) =>
      serveTcp((stream: SocketStream) => echo(stream), 0, { host: "127.0.0.1", status }),
    );
    yield* ask(yield* openTcpStream("127.0.0.1", listener?.port ?? 0));
    nursery.cancelScope.cancel();
  });
}

function* overTls(): Operation<void> {
  yield* openNursery(function* (nursery) {
    const [listener] = yield* nursery.start<readonly TlsListener[], []>((status) =>
      serveTls(echo, 0, { host: "127.0.0.1", tls: localhost, status, onHandlerError: () => {} }),
    );
    const tls = { ca: localhost.cert };
    const stream = yield* openTlsStream("localhost", listener?.transport.port ?? 0, { tls });
    yield* ask(stream);
    nursery.cancelScope.cancel();
  });
}

describe("a program that is cancelled at any of its checkpoints", () => {
  test.each([
    ["TCP", overTcp],
    ["TLS", overTls],
  ] as const)(
    "leaves no socket open over %s (ABC-2, HE-6, SSL-4)",
    { timeout: 60_000 },
    async (_name, program) => {
      const before = openSockets().length;
      const report = await cancelAtEachCheckpoint(program);
      expect(report.checkpoints).toBeGreaterThan(20);
      // How the system cuts what it sends decides how often a task waits: the course is not the same each time.
      expect(report.findings.filter(({ kind }) => kind !== "unreached")).toEqual([]);
      await settled(before);
    },
  );
});
