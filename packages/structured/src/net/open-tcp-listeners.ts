import { ExceptionGroup } from "@trestle/host";
import type { Operation } from "../operation.js";
import { acloseForcefully } from "../streams/aclose-forcefully.js";
import { formatEndpoint, requireHostname, requirePort } from "./endpoint.js";
import { ListenError } from "./listen-error.js";
import { backlogOf, listen, type BacklogOptions } from "./listen.js";
import { resolveHost, type ResolvedAddress } from "./resolve-host.js";
import type { SocketListener } from "./socket-listener.js";
import { hasCode, isSystemError } from "./system-error.js";

const ACTION = "listen at";

const EVERYWHERE: readonly ResolvedAddress[] = [
  { address: "0.0.0.0", family: 4 },
  { address: "::", family: 6 },
];

/** Where `openTcpListeners` listens. */
export interface OpenTcpListenersOptions extends BacklogOptions {
  /** The name or IP address to listen at; all addresses of this machine unless given. */
  readonly host?: string;
}

/**
 * Begins to listen by TCP, with one listener for each address of the host.
 *
 * Waits for the lookup and for the system. The families are apart: a listener for IPv6 takes no IPv4 connections. A family
 * that the system does not have is left out, unless there is no other. The caller closes the listeners; where one address
 * fails, or the task is cancelled, those that were open are closed already.
 *
 * Source: Trio's `open_tcp_listeners`. Flavor: structured.
 *
 * @param port from 1 to 65535, or 0 for any that is free; then each listener has one of its own
 * @throws ListenError; ArgumentError, at the call
 * @example
 * ```ts no-run
 * import { run } from "@trestle/structured";
 * import { openTcpListeners } from "@trestle/structured/net";
 * import { closing } from "@trestle/structured/streams";
 *
 * await run(function* () {
 *   const [listener] = yield* openTcpListeners(0, { host: "127.0.0.1" });
 *   if (listener === undefined) return;
 *   yield* closing(listener, function* () {
 *     console.log(listener.port);
 *     const stream = yield* listener.accept();
 *     yield* stream.aclose();
 *   });
 * });
 * ```
 */
export function openTcpListeners(
  port: number,
  options: OpenTcpListenersOptions = {},
): Operation<SocketListener[]> {
  const { host } = options;
  requirePort(port, 0, ACTION);
  if (host !== undefined) requireHostname(host, ACTION);
  return open(port, host, backlogOf(options));
}

function* open(
  port: number,
  host: string | undefined,
  backlog: number,
): Operation<SocketListener[]> {
  const listeners: SocketListener[] = [];
  const unsupported: unknown[] = [];
  try {
    for (const { address, family } of host === undefined ? EVERYWHERE : yield* addressesOf(host)) {
      const at = formatEndpoint(address, port);
      try {
        const options = { host: address, port, backlog, ipv6Only: family === 6 };
        listeners.push(yield* listen(options, at));
      } catch (error) {
        if (!isUnsupported(error, family))
          throw isSystemError(error) ? new ListenError(at, error) : error;
        unsupported.push(new ListenError(at, error));
      }
    }
    if (listeners.length === 0) throw nowhere(port, host, unsupported);
  } catch (error) {
    for (const listener of listeners) yield* acloseForcefully(listener);
    throw error;
  }
  return listeners;
}

function* addressesOf(host: string): Operation<readonly ResolvedAddress[]> {
  try {
    const found = yield* resolveHost(host);
    return found.filter(
      ({ address }, at) => found.findIndex((one) => one.address === address) === at,
    );
  } catch (error) {
    throw isSystemError(error) ? new ListenError(host, error) : error;
  }
}

/** Whether the system lacks the family: without IPv6 it has no such sockets, or no such address. */
function isUnsupported(error: unknown, family: number): boolean {
  return hasCode(error, "EAFNOSUPPORT") || (family === 6 && hasCode(error, "EADDRNOTAVAIL"));
}

function nowhere(port: number, host: string | undefined, errors: readonly unknown[]): unknown {
  if (errors.length === 1) return errors[0];
  const at = formatEndpoint(host ?? "all addresses", port);
  return new ListenError(at, new ExceptionGroup("no address can be listened at", errors));
}
