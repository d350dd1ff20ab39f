// One connection out of several addresses ("happy eyeballs", RFC 8305 and 6555): the attempts start one after another, each
// when the one before has failed or has had its time, and the first that succeeds cancels the rest.
//
// Whatever happens, no connection is left but the one that is given.
import { Event } from "../sync/event.js";
import { openNursery, type Nursery } from "../nursery.js";
import type { Operation } from "../operation.js";
import { acloseForcefully } from "../streams/aclose-forcefully.js";
import type { AsyncResource } from "../streams/stream.js";
import { isCancelled } from "../cancelled.js";
import { moveOnAfter } from "../timeouts.js";
import { allAttemptsFailed, type FailedAttempt } from "./connect-error.js";
import { formatEndpoint } from "./endpoint.js";
import type { ResolvedAddress } from "./resolve-host.js";

/** How one address is connected to. */
export type Connector<S extends AsyncResource> = (address: ResolvedAddress) => Operation<S>;

/** The target that all addresses stand for, and the time in milliseconds that each has for itself. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly delay: number;
}

/** Moves the first address of the other family to the second place, where the first two are of one family. */
export function alternateFamilies(addresses: readonly ResolvedAddress[]): ResolvedAddress[] {
  const [first, second] = addresses;
  const other = addresses.find(({ family }) => family !== first?.family);
  if (first === undefined || other === undefined || other === second) return [...addresses];
  return [first, other, ...addresses.filter((address) => address !== first && address !== other)];
}

/** Connects to the address that answers first. @throws ConnectError where none does */
export function* connectToFirst<S extends AsyncResource>(
  target: Target,
  addresses: readonly ResolvedAddress[],
  connect: Connector<S>,
): Operation<S> {
  const race = new Race(target, connect);
  try {
    yield* openNursery((nursery) => race.run(nursery, addresses));
  } catch (error) {
    if (race.winner !== undefined) yield* acloseForcefully(race.winner);
    throw error;
  }
  if (race.winner !== undefined) return race.winner;
  throw allAttemptsFailed(formatEndpoint(target.host, target.port), race.failures);
}

class Race<S extends AsyncResource> {
  winner: S | undefined;
  readonly failures: FailedAttempt[] = [];
  readonly #target: Target;
  readonly #connect: Connector<S>;

  constructor(target: Target, connect: Connector<S>) {
    this.#target = target;
    this.#connect = connect;
  }

  *run(nursery: Nursery, addresses: readonly ResolvedAddress[]): Operation<void> {
    for (const address of addresses) {
      const hasFailed = new Event();
      nursery.startSoon(() => this.#attempt(nursery, address, hasFailed));
      yield* moveOnAfter(this.#target.delay, () => hasFailed.wait());
    }
  }

  *#attempt(nursery: Nursery, address: ResolvedAddress, hasFailed: Event): Operation<void> {
    let stream: S;
    try {
      stream = yield* this.#connect(address);
    } catch (error) {
      if (isCancelled(error)) throw error;
      this.failures.push({ to: formatEndpoint(address.address, this.#target.port), error });
      hasFailed.set();
      return;
    }
    if (this.winner === undefined) {
      this.winner = stream;
      nursery.cancelScope.cancel("another address has answered first");
    } else {
      yield* acloseForcefully(stream);
    }
  }
}
