import { ArgumentError, describe } from "@trestle/host";
import type { AddressInfo } from "node:net";

/** One end of a connection, or where a server listens. */
export interface SocketName {
  /** The IP address; of a Unix socket the path, which is empty for an end that has none. */
  readonly address: string;
  /** The port; 0 of a Unix socket. */
  readonly port: number;
  readonly family: 4 | 6 | "unix";
}

/** The name of where a server of Node's listens. */
export function nameOf(address: AddressInfo | string): SocketName {
  if (typeof address === "string") return { address, port: 0, family: "unix" };
  return { address: address.address, port: address.port, family: familyOf(address.family) };
}

/** The name of one end of a socket; undefined where it is not connected. */
export function endOf(
  address: string | undefined,
  port: number | undefined,
  family: string | undefined,
): SocketName | undefined {
  if (address === undefined || port === undefined) return undefined;
  return { address, port, family: familyOf(family) };
}

function familyOf(family: string | undefined): 4 | 6 {
  return family === "IPv6" ? 6 : 4;
}

/** The text of an address: "127.0.0.1:80", "[::1]:80". */
export function textOf(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

const HIGHEST_PORT = 65_535;

/** Throws ArgumentError for what is no port. */
export function checkPort(port: unknown, least: number, action: string): void {
  if (Number.isInteger(port) && (port as number) >= least && (port as number) <= HIGHEST_PORT)
    return;
  throw new ArgumentError(
    `Cannot ${action} port ${describe(port)}: a whole number from ${least} to ${HIGHEST_PORT} is wanted.`,
  );
}

/** Throws ArgumentError for what is no name: of a host, or the path of a Unix socket. */
export function checkName(name: unknown, action: string): void {
  if (typeof name === "string" && name !== "") return;
  throw new ArgumentError(
    `Cannot ${action} ${describe(name)}: a text is wanted that is not empty.`,
  );
}
