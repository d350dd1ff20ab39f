// CONNECT: bytes in both ways, until both sides have ended, or nothing has moved for some time.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { failAfter, isCancelled, openNursery, type Operation } from "@trestle/structured";
import { openTcpStream } from "@trestle/structured/net";
import { closing, fromDuplex, type HalfCloseableStream } from "@trestle/structured/streams";
import { copy, whileMoving } from "./copy.js";
import { BadRequestError, failureOf } from "./failure.js";
import type { Limits } from "./limits.js";

const encoder = new TextEncoder();

/** Connects a client to a server, and gives how that went. The client's socket is closed afterwards. */
export function* tunnel(
  { url = "" }: IncomingMessage,
  socket: Duplex,
  head: Uint8Array,
  limits: Limits,
): Operation<string> {
  return yield* closing(fromDuplex(socket), function* (client): Operation<string> {
    let isOpen = false;
    try {
      const { host, port } = target(url);
      const server = yield* failAfter(limits.connect, () => openTcpStream(host, port));
      return yield* closing(server, function* (): Operation<string> {
        yield* client.sendAll(encoder.encode("HTTP/1.1 200 Connection established\r\n\r\n"));
        isOpen = true;
        yield* server.sendAll(head);
        return `tunnel, ${yield* bothWays(client, server, limits.idle)} bytes`;
      });
    } catch (error) {
      if (isCancelled(error)) throw error;
      const { status, why } = failureOf(error);
      if (isOpen) return `tunnel, ${why}`;
      yield* client.sendAll(encoder.encode(`HTTP/1.1 ${status} ${why}\r\n\r\n`));
      return `${status}, ${why}`;
    }
  });
}

function* bothWays(
  client: HalfCloseableStream,
  server: HalfCloseableStream,
  idle: number,
): Operation<number> {
  let bytes = 0;
  function* oneWay(
    from: HalfCloseableStream,
    to: HalfCloseableStream,
    moved: () => void,
  ): Operation<void> {
    const count = yield* copy(from, to, moved);
    bytes += count;
    yield* to.sendEof();
  }
  yield* whileMoving(idle, (moved) =>
    openNursery(function* (nursery): Operation<void> {
      nursery.startSoon(oneWay, client, server, moved);
      yield* oneWay(server, client, moved);
    }),
  );
  return bytes;
}

function target(url: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([\da-f:.]+)\]|([^:]+)):(\d{1,5})$/iu.exec(url);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new BadRequestError(`Cannot connect to "${url}": it is not HOST:PORT.`);
}
