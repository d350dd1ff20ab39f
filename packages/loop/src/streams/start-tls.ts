// TLS over a connection that is in use. What is read and written goes through the TLS socket from then on.
import type { Socket } from "node:net";
import { connect, createServer, type ConnectionOptions, type TlsOptions } from "node:tls";
import type { SignalOption } from "../signal-option.js";
import type { Connection } from "./connection.js";
import { socketReady } from "./socket-ready.js";

/** The options of `node:tls`, and what ends the handshake. */
export type StartTlsOptions = ConnectionOptions & TlsOptions & SignalOption;

/** Shakes hands, and lays TLS over the connection. */
export async function startTls(
  connection: Connection,
  side: "client" | "server",
  { signal, ...options }: StartTlsOptions,
): Promise<void> {
  const { loop, peer } = connection;
  const begin = side === "client" ? beginClient : beginServer;
  const shaking = socketReady(
    loop,
    () => {
      const plain = connection.detach();
      const handshake = begin(plain, options);
      const { socket, event } = handshake;
      // A plain socket that is closed takes the other with it, but not the other way round.
      socket.once("close", () => plain.destroy());
      return { socket, event, use: () => connection.attach(handshake.secure()) };
    },
    `a TLS handshake with ${peer}`,
    { signal },
  );
  try {
    await shaking;
  } catch (error) {
    connection.lose(error);
    throw error;
  }
}

interface Handshake {
  /** Whose event tells that it is done. */
  readonly socket: Socket;
  readonly event: string;
  secure(): Socket;
}

function beginClient(plain: Socket, options: ConnectionOptions): Handshake {
  const socket = connect({ ...options, socket: plain });
  return { socket, event: "secureConnect", secure: () => socket };
}

/** Only a server of Node's checks the certificates of clients; one that does not listen shakes hands for one connection. */
function beginServer(plain: Socket, options: TlsOptions): Handshake {
  const server = createServer(options);
  let secured: Socket | undefined;
  server.once("secureConnection", (socket) => {
    secured = socket;
    plain.emit(SECURED);
  });
  server.once("tlsClientError", (error) => plain.destroy(error));
  server.emit("connection", plain);
  return { socket: plain, event: SECURED, secure: () => secured as Socket };
}

const SECURED = "trestle.secured";
