import type { Socket } from "node:net";
import { TLSSocket, type PeerCertificate } from "node:tls";
import { endOf, type SocketName } from "./socket-name.js";

/** What a writer knows of its connection, by name. */
export interface ExtraInfo {
  /** The other side. */
  readonly peername: SocketName | undefined;
  /** This side. */
  readonly sockname: SocketName | undefined;
  /** The socket of Node's. What is done to it behind the writer's back is not the writer's fault. */
  readonly socket: Socket;
  /** The other side's certificate, with TLS. */
  readonly peercert: PeerCertificate | undefined;
  /** The cipher, with TLS. */
  readonly cipher: { readonly name: string; readonly version: string } | undefined;
}

/** What is known of a socket that is connected. It tells nothing any more once it is closed. */
export function extraInfoOf(socket: Socket): ExtraInfo {
  const secure = socket instanceof TLSSocket ? socket : undefined;
  const certificate = secure?.getPeerCertificate();
  return {
    socket,
    peername: endOf(socket.remoteAddress, socket.remotePort, socket.remoteFamily),
    sockname: endOf(socket.localAddress, socket.localPort, socket.localFamily),
    peercert: Object.keys(certificate ?? {}).length === 0 ? undefined : certificate,
    cipher: secure?.getCipher(),
  };
}
