import { failure, success, unwrap, type Outcome } from "@trestle/host";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Operation } from "../operation.js";
import { Bell } from "../streams/bell.js";

/** How a side begins: makes a TLSSocket over the Duplex, and tells what comes of it. */
export type Shake = (
  duplex: Duplex,
  done: (socket: TLSSocket) => void,
  failed: (error: unknown) => void,
) => void;

/** A handshake that has begun, and all who wait for its end. */
export class TlsHandshake<T> {
  #outcome: Outcome<T> | undefined;
  readonly #bells = new Set<Bell>();

  /** What came of it, once it has succeeded. */
  get value(): T | undefined {
    return this.#outcome?.ok === true ? this.#outcome.value : undefined;
  }

  /** It has succeeded; of this and the failures only the first counts. */
  succeed(value: T): void {
    this.#settle(success(value));
  }

  fail(error: unknown): void {
    this.#settle(failure(error));
  }

  /** Waits for the end, and gives what came of it, or throws what it failed with. */
  *wait(): Operation<T> {
    const bell = new Bell("a TLS handshake");
    this.#bells.add(bell);
    try {
      while (this.#outcome === undefined) yield* bell.wait();
    } finally {
      this.#bells.delete(bell);
    }
    return unwrap(this.#outcome);
  }

  #settle(outcome: Outcome<T>): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    for (const bell of this.#bells) bell.ring();
  }
}
