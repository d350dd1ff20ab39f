import {
  createServer as createPlain,
  type ListenOptions,
  type Server as NodeServer,
  type Socket,
} from "node:net";
import { createServer as createSecure, type TlsOptions } from "node:tls";
import { failure, success, type Wait } from "@trestle/host";
import { requireLoop } from "../current.js";
import type { EventLoop } from "../event-loop.js";
import { checkLoopFunction } from "../loop-function.js";
import { checkSignal, type SignalOption } from "../signal-option.js";
import { untilOn } from "../until.js";
import { checkBuffers, type BufferOptions } from "./buffer-options.js";
import { Connection } from "./connection.js";
import { serveConnection, type ConnectionHandler } from "./serve-connection.js";
import { Server } from "./server.js";
import { checkName, checkPort, textOf } from "./socket-name.js";
import { StreamWriter } from "./stream-writer.js";

const LISTEN = "listen at";

/** How a server listens. */
export interface StartServerOptions extends BufferOptions, SignalOption {
  /** TLS with the options of `node:tls`: `key` and `cert` at least. */
  readonly tls?: TlsOptions;
  /** How many connections may wait in the system to be accepted; 100 unless given. */
  readonly backlog?: number;
}

const DEFAULT_BACKLOG = 100;

/**
 * Listens at a TCP port, and runs the handler for each connection, as a task of its own. It waits until the server listens.
 *
 * When the handler has ended, in any way, its connection is closed; a plain function, which gives no promise, sees to that itself.
 * What a handler fails with goes to the loop's exception handler, and the server goes on. Handlers run in the async context of who
 * started the server.
 *
 * Source: asyncio; that the end of a handler closes its connection, and `signal`, which ends the wait for the server to listen, are
 * ours. Flavor: loop. Node only.
 *
 * @param handler gets the reader and the writer of a connection
 * @param host a name or an IP address; all addresses of the machine unless given
 * @param port 0 for any that is free, which `server.sockets` tells
 * @throws the platform's error, with its `code`; the reason of `signal`; NoLoopError; ArgumentError; WrongFlavorError
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { startServer } from "@trestle/loop/streams";
 *
 * await run(async () => {
 *   await using server = await startServer(async (reader, writer) => {
 *     writer.write(await reader.readline());
 *   }, "127.0.0.1");
 *   console.log(server.sockets[0]?.port);
 * });
 * ```
 */
export async function startServer(
  handler: ConnectionHandler,
  host?: string,
  port = 0,
  options: StartServerOptions = {},
): Promise<Server> {
  const loop = begin(handler, options);
  if (host !== undefined) checkName(host, LISTEN);
  checkPort(port, 0, LISTEN);
  const place = { port, ...(host !== undefined && { host }) };
  return start(loop, handler, place, textOf(host ?? "*", port), options);
}

/**
 * Listens at a Unix socket; otherwise like `startServer`. The file of the socket goes when the server closes.
 *
 * Source: asyncio; the same is ours. Flavor: loop. Node only. It waits until it listens; a
 * cancellation closes it.
 *
 * @param path of the socket, where nothing is yet
 * @throws the platform's error, with its `code`; the reason of `signal`; NoLoopError; ArgumentError; WrongFlavorError
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { startUnixServer } from "@trestle/loop/streams";
 *
 * await run(async () => {
 *   const server = await startUnixServer((_reader, writer) => {
 *     writer.write("hello\n");
 *     writer.close();
 *   }, "/run/example.socket");
 *   await server.serveForever();
 * });
 * ```
 */
export async function startUnixServer(
  handler: ConnectionHandler,
  path: string,
  options: StartServerOptions = {},
): Promise<Server> {
  const loop = begin(handler, options);
  checkName(path, LISTEN);
  return start(loop, handler, { path }, path, options);
}

function begin(handler: ConnectionHandler, options: StartServerOptions): EventLoop {
  const loop = requireLoop("start a server");
  checkLoopFunction(handler, "serve connections");
  checkBuffers(options, "start a server");
  checkSignal(options, "start a server");
  return loop;
}

async function start(
  loop: EventLoop,
  handler: ConnectionHandler,
  place: ListenOptions,
  text: string,
  options: StartServerOptions,
): Promise<Server> {
  const { tls, backlog = DEFAULT_BACKLOG } = options;
  const node = tls === undefined ? createPlain(plainOptions) : createSecure(tls);
  let server: Server | undefined;
  const accept = (socket: Socket): void => {
    const peer = textOf(socket.remoteAddress ?? text, socket.remotePort ?? 0);
    const connection = new Connection(loop, socket, peer, options);
    serveConnection(connection, new StreamWriter(connection, "server"), server as Server, handler);
  };
  node.on(tls === undefined ? "connection" : "secureConnection", accept);
  // A client that cannot shake hands is nobody's affair.
  node.on("tlsClientError", (_error: unknown, socket: Socket) => void socket.destroy());
  const starting = untilOn(
    loop,
    listening(loop, node, { ...place, backlog }, () => (server = new Server(loop, node))),
    `listening at ${text}`,
    options,
  );
  try {
    return await starting;
  } catch (error) {
    server?.close();
    throw error;
  }
}

const plainOptions = { allowHalfOpen: true, noDelay: true };

function listening(
  loop: EventLoop,
  node: NodeServer,
  place: ListenOptions,
  use: () => Server,
): Wait<Server> {
  return (resume) => {
    const release = loop.host.hold("a server to listen");
    let asked: { readonly reason: unknown } | undefined;
    const failed = (error: unknown): void => {
      release();
      resume(failure(asked === undefined ? error : asked.reason));
    };
    node.once("error", failed);
    node.once("listening", () => {
      release();
      node.off("error", failed);
      // Accepting may fail, for want of descriptors: the server goes on.
      node.on("error", (exception: unknown) =>
        loop.callExceptionHandler({ message: "A server could not accept a connection", exception }),
      );
      if (asked === undefined) {
        resume(success(use()));
      } else {
        node.close();
        resume(failure(asked.reason));
      }
    });
    node.listen(place);
    return (reason) => {
      // Closing now would not keep Node from listening a moment later.
      asked = { reason };
      return "committed";
    };
  };
}
