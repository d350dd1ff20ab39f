import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { run } from "../../src/run.js";
import { openConnection, type OpenConnectionOptions } from "../../src/streams/open-connection.js";
import type { Server } from "../../src/streams/server.js";
import type { ConnectionHandler } from "../../src/streams/serve-connection.js";
import { startServer, type StartServerOptions } from "../../src/streams/start-server.js";
import type { StreamReader } from "../../src/streams/stream-reader.js";
import type { StreamWriter } from "../../src/streams/stream-writer.js";

/** A client's side of a connection, and the plain socket of Node's at the other. */
export interface Pair {
  readonly reader: StreamReader;
  readonly writer: StreamWriter;
  readonly other: Socket;
}

/** Runs a body in a loop, with a connection to a socket of Node's, which is closed at the end. */
export async function withSocket(
  body: (pair: Pair) => Promise<unknown>,
  options: OpenConnectionOptions = {},
): Promise<void> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  let other: Socket | undefined;
  try {
    await run(async () => {
      const accepted = once(server, "connection") as Promise<[Socket]>;
      const { port } = server.address() as AddressInfo;
      const [reader, writer] = await openConnection("127.0.0.1", port, options);
      [other] = await accepted;
      other.on("error", () => {});
      await body({ reader, writer, other });
      writer.abort();
    });
  } finally {
    other?.destroy();
    server.close();
    await once(server, "close");
  }
}

/** Runs a body in a loop, with a server at a port that is free. */
export async function withServer(
  handler: ConnectionHandler,
  body: (port: number, server: Server) => Promise<unknown>,
  options: StartServerOptions = {},
): Promise<void> {
  await run(async () => {
    await using server = await startServer(handler, "127.0.0.1", 0, options);
    await body(server.sockets[0]?.port ?? 0, server);
  });
}
