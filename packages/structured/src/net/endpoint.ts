// The two ends of a connection, as they are given and as they are shown.
import { ArgumentError, describe } from "@trestle/host";

const HIGHEST_PORT = 65_535;

/** One end of a TCP connection. */
export interface Endpoint {
  /** The IP address. */
  readonly address: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** The text of an endpoint: "127.0.0.1:80", "[::1]:80". */
export function formatEndpoint(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Throws ArgumentError for what is no port; 0 stands for any that is free, where that is allowed. */
export function requirePort(port: unknown, least: number, action: string): void {
  if (Number.isInteger(port) && (port as number) >= least && (port as number) <= HIGHEST_PORT)
    return;
  throw new ArgumentError(
    `Cannot ${action} port ${describe(port)}: a whole number from ${least} to ${HIGHEST_PORT} is wanted.`,
  );
}

/** Throws ArgumentError for what is no name of a host. */
export function requireHostname(host: unknown, action: string): void {
  if (typeof host === "string" && host !== "") return;
  throw new ArgumentError(
    `Cannot ${action} host ${describe(host)}: a name or an IP address is wanted.`,
  );
}
