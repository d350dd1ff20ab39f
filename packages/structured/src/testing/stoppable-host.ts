// A host that can be taken away from what lives on it. Nothing that was asked for is called back then, so that a run that does
// not end by itself is left behind, and spins no more.
import type { HoldOptions, Host, Release, Timer, WatchedParty } from "@trestle/host";

export class StoppableHost implements Host {
  readonly #host: Host;
  readonly #releases = new Set<Release>();
  #isStopped = false;

  constructor(host: Host) {
    this.#host = host;
  }

  stop(): void {
    this.#isStopped = true;
    for (const release of this.#releases) release();
    this.#releases.clear();
  }

  now(): number {
    return this.#host.now();
  }

  soon(callback: () => void): void {
    this.#host.soon(() => {
      if (!this.#isStopped) callback();
    });
  }

  at(when: number, callback: () => void): Timer {
    const timer = this.#host.at(when, () => {
      this.#releases.delete(cancel);
      callback();
    });
    const cancel = this.#keep(() => timer.cancel());
    return { cancel };
  }

  hold(what: string, options?: HoldOptions): Release {
    return this.#keep(this.#host.hold(what, options));
  }

  watch(party: WatchedParty): Release {
    return this.#keep(this.#host.watch?.(party) ?? (() => {}));
  }

  #keep(release: Release): Release {
    const kept = (): void => {
      this.#releases.delete(kept);
      release();
    };
    if (this.#isStopped) release();
    else this.#releases.add(kept);
    return kept;
  }
}
