import { failure, success } from "@trestle/host";
import { lookup } from "node:dns";
import { isIP } from "node:net";
import { requireTask } from "../ambient.js";
import type { Operation } from "../operation.js";
import { suspend } from "../suspend.js";

/** An IP address that a name stands for. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Gives the addresses of a host, the best one first. */
export type Lookup = (host: string) => Operation<readonly ResolvedAddress[]>;

/**
 * Looks up all addresses of a host, in the order of the system. An IP address stands for itself, without asking. A
 * cancellation ends the waiting at once; the system's lookup cannot be stopped, and nobody hears of its end.
 */
export function* resolveHost(host: string): Operation<readonly ResolvedAddress[]> {
  const family = isIP(host);
  if (family === 4 || family === 6) return [{ address: host, family }];
  return yield* lookUp(host);
}

function lookUp(host: string): Operation<readonly ResolvedAddress[]> {
  const what = `the addresses of '${host}'`;
  return suspend((resume) => {
    const release = requireTask(`wait for ${what}`).runner.host.hold(what);
    let isWanted = true;
    lookup(host, { all: true }, (error, found) => {
      release();
      if (!isWanted) return;
      if (error === null) resume(success(found.map(toResolved)));
      else resume(failure(error));
    });
    return () => {
      isWanted = false;
      release();
      return "withdrawn";
    };
  }, what);
}

function toResolved(found: { readonly address: string; readonly family: number }): ResolvedAddress {
  return { address: found.address, family: found.family === 6 ? 6 : 4 };
}
