import { ArgumentError, describe } from "@trestle/host";
import { isIP } from "node:net";
import { checkDuration } from "../durations.js";
import { callStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { ConnectError } from "./connect-error.js";
import { connectSocket } from "./connect-socket.js";
import { formatEndpoint, requireHostname, requirePort } from "./endpoint.js";
import { alternateFamilies, connectToFirst } from "./happy-eyeballs.js";
import { resolveHost, type Lookup, type ResolvedAddress } from "./resolve-host.js";
import type { SocketStream } from "./socket-stream.js";
import { isSystemError } from "./system-error.js";

const HAPPY_EYEBALLS_DELAY_MS = 250;
const ACTION = "connect to";

/** How `openTcpStream` connects. */
export interface OpenTcpStreamOptions {
  /**
   * How long, in milliseconds, one address is tried alone before the next one is tried as well; 250 unless given, and
   * Infinity for one after another.
   */
  readonly happyEyeballsDelay?: number;
  /** The IP address of this machine to connect from. Addresses of the other family cannot be reached then. */
  readonly localAddress?: string;
  /** How the addresses of the host are found; by the system unless given. */
  readonly lookup?: Lookup;
}

/**
 * Connects to a host by TCP.
 *
 * Waits for the first of the host's addresses that answers: they are tried one after another, each when the one before has
 * failed or has had 250 milliseconds, in both families by turns. A cancellation gives all of them up. The caller closes the
 * stream.
 *
 * Source: Trio's `open_tcp_stream`. Flavor: structured.
 *
 * @param host a name or an IP address
 * @param port from 1 to 65535
 * @throws ConnectError, whose cause is an ExceptionGroup of what each address failed with; ArgumentError, at the call
 * @example
 * ```ts no-run
 * import { failAfter, run } from "@trestle/structured";
 * import { openTcpStream } from "@trestle/structured/net";
 * import { closing } from "@trestle/structured/streams";
 *
 * await run(function* () {
 *   const stream = yield* failAfter(5000, () => openTcpStream("example.org", 80));
 *   yield* closing(stream, function* () {
 *     yield* stream.sendAll(new TextEncoder().encode("HEAD / HTTP/1.0\r\n\r\n"));
 *     console.log(new TextDecoder().decode(yield* stream.receiveSome()));
 *   });
 * });
 * ```
 */
export function openTcpStream(
  host: string,
  port: number,
  options: OpenTcpStreamOptions = {},
): Operation<SocketStream> {
  const {
    happyEyeballsDelay = HAPPY_EYEBALLS_DELAY_MS,
    localAddress,
    lookup = resolveHost,
  } = options;
  requireHostname(host, ACTION);
  requirePort(port, 1, ACTION);
  checkDuration(happyEyeballsDelay, "try another address after a time");
  requireLocalAddress(localAddress);
  return open({ host, port, delay: happyEyeballsDelay }, lookup, localAddress);
}

function* open(
  target: { readonly host: string; readonly port: number; readonly delay: number },
  lookup: Lookup,
  localAddress: string | undefined,
): Operation<SocketStream> {
  const { host, port } = target;
  const addresses = yield* addressesOf(host, port, lookup);
  return yield* connectToFirst(target, alternateFamilies(addresses), ({ address, family }) => {
    const from = localAddress === undefined ? {} : { localAddress: bindable(localAddress, family) };
    return connectSocket(
      { host: address, port, family, noDelay: true, ...from },
      formatEndpoint(address, port),
    );
  });
}

function* addressesOf(
  host: string,
  port: number,
  lookup: Lookup,
): Operation<readonly ResolvedAddress[]> {
  const to = formatEndpoint(host, port);
  let addresses: readonly ResolvedAddress[];
  try {
    addresses = yield* callStructured(lookup, [host], "look up a host");
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new ConnectError(to, "its address was not found.", { cause });
  }
  if (addresses.length > 0) return addresses;
  throw new ConnectError(to, "no address was found.");
}

function bindable(localAddress: string, family: number): string {
  if (isIP(localAddress) === family) return localAddress;
  throw new ArgumentError(
    `Cannot connect from '${localAddress}': it is of another family than the address to connect to.`,
  );
}

function requireLocalAddress(localAddress: unknown): void {
  if (localAddress === undefined || (typeof localAddress === "string" && isIP(localAddress) !== 0))
    return;
  throw new ArgumentError(
    `Cannot connect from ${describe(localAddress)}: an IP address of this machine is wanted.`,
  );
}
