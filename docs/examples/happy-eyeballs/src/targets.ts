// From what stands on the command line to addresses.
import { lookup } from "node:dns/promises";

/** An address of one family, and a port. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/** Reads `example.com:443`, `127.0.0.1:80` or `[::1]:80`; undefined for anything else. */
export function hostAndPort(word: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([^[\]:]+)):(\d{1,5})$/iu.exec(word);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** All addresses of a host, in the order of the system, which knows what is reachable best. */
export async function targetsOf(host: string, port: number): Promise<Target[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => ({ address, port }));
}

/** As on the command line. */
export function textOf({ address, port }: Target): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
