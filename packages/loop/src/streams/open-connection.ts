import { connect as connectPlain, type NetConnectOpts, type Socket } from "node:net";
import { connect as connectSecure, type ConnectionOptions } from "node:tls";
import { requireLoop } from "../current.js";
import type { EventLoop } from "../event-loop.js";
import { checkSignal, type SignalOption } from "../signal-option.js";
import { checkBuffers, type BufferOptions } from "./buffer-options.js";
import { Connection } from "./connection.js";
import { checkName, checkPort, textOf } from "./socket-name.js";
import { socketReady } from "./socket-ready.js";
import type { StreamReader } from "./stream-reader.js";
import { StreamWriter } from "./stream-writer.js";

const CONNECT = "connect to";

/** How a connection is made. */
export interface OpenUnixConnectionOptions extends BufferOptions, SignalOption {
  /** TLS with the options of `node:tls`, or with none by `true`. */
  readonly tls?: boolean | ConnectionOptions;
}

/** How a TCP connection is made. */
export interface OpenConnectionOptions extends OpenUnixConnectionOptions {
  /** The version of IP; either unless given, the first that connects. */
  readonly family?: 4 | 6;
  /** The address of this side. */
  readonly localAddress?: string;
  /** The port of this side. */
  readonly localPort?: number;
}

/**
 * Connects to a TCP port, and gives what reads from the connection and what writes to it. It waits until it is connected, with TLS
 * until hands are shaken.
 *
 * Close the writer; a connection that is open when its loop closes is closed with it. A failure or a cancellation comes out when
 * the socket is closed.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop. Node only.
 *
 * @param host a name or an IP address
 * @throws the platform's error, with its `code`; the reason of `signal`; NoLoopError; ArgumentError
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { openConnection } from "@trestle/loop/streams";
 *
 * await run(async () => {
 *   const [reader, writer] = await openConnection("127.0.0.1", 8080);
 *   writer.write("GET / HTTP/1.0\r\n\r\n");
 *   for await (const line of reader) console.log(String(line).trimEnd());
 *   writer.close();
 *   await writer.waitClosed();
 * });
 * ```
 */
export async function openConnection(
  host: string,
  port: number,
  options: OpenConnectionOptions = {},
): Promise<[StreamReader, StreamWriter]> {
  const loop = begin(options);
  checkName(host, CONNECT);
  checkPort(port, 1, CONNECT);
  const { family, localAddress, localPort } = options;
  const target = {
    host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    ...(family !== undefined && { family }),
    ...(localAddress !== undefined && { localAddress }),
    ...(localPort !== undefined && { localPort }),
  };
  return open(loop, target, textOf(host, port), options);
}

/**
 * Connects to a Unix socket; otherwise like `openConnection`.
 *
 * Source: asyncio; `signal` is ours. Flavor: loop. Node only. It waits for the connection; a
 * cancellation gives the attempt up.
 *
 * @param path of the socket
 * @throws the platform's error, with its `code`; the reason of `signal`; NoLoopError; ArgumentError
 * @example
 * ```ts
 * import { run } from "@trestle/loop";
 * import { openUnixConnection } from "@trestle/loop/streams";
 *
 * await run(async () => {
 *   const [reader, writer] = await openUnixConnection("/run/example.socket");
 *   console.log(String(await reader.readline()));
 *   writer.close();
 * });
 * ```
 */
export async function openUnixConnection(
  path: string,
  options: OpenUnixConnectionOptions = {},
): Promise<[StreamReader, StreamWriter]> {
  const loop = begin(options);
  checkName(path, CONNECT);
  return open(loop, { path, allowHalfOpen: true }, path, options);
}

function begin(options: OpenUnixConnectionOptions): EventLoop {
  const loop = requireLoop("open a connection");
  checkBuffers(options, "open a connection");
  checkSignal(options, "open a connection");
  return loop;
}

/** Where to; Node's own types have no TLS socket at a path. */
interface Target {
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly allowHalfOpen: boolean;
}

async function open(
  loop: EventLoop,
  target: Target,
  peer: string,
  options: OpenUnixConnectionOptions,
): Promise<[StreamReader, StreamWriter]> {
  const connecting = socketReady(
    loop,
    () => {
      const { socket, event } = connect(target, options.tls ?? false);
      return { socket, event, use: () => new Connection(loop, socket, peer, options) };
    },
    `a connection to ${peer}`,
    options,
  );
  try {
    const connection = await connecting;
    return [connection.reader, new StreamWriter(connection, "client")];
  } catch (error) {
    // Cancelled when it was connected: nobody gets it.
    if (connecting.done() && !connecting.cancelled() && connecting.exception() === undefined) {
      connecting.result().destroy();
    }
    throw error;
  }
}

function connect(
  target: Target,
  tls: boolean | ConnectionOptions,
): { socket: Socket; event: string } {
  if (tls === false) return { socket: connectPlain(target as NetConnectOpts), event: "connect" };
  const options = tls === true ? {} : tls;
  // TLS has no half of a connection.
  const socket = connectSecure({
    ...target,
    ...options,
    allowHalfOpen: false,
  } as ConnectionOptions);
  return { socket, event: "secureConnect" };
}
