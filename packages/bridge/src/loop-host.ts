// The Host of a hosted loop: that of its run, but for one thing. The loop's next callback runs after the first step of a
// structured call, whatever else is ready in the run: so between the start and the first step of calls the loop's turns are
// kept back.
import type { HoldOptions, Host, Release, Timer, WatchedParty } from "@trestle/host";

export class LoopHost implements Host {
  readonly #host: Host;
  /** Structured tasks that have been started and have had no step. */
  #starting = 0;
  #kept: (() => void)[] | undefined;
  #party: WatchedParty | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A structured task has been started. */
  callStarts(): void {
    this.#starting++;
  }

  /** Its first step has begun. */
  callStarted(): void {
    if (--this.#starting > 0) return;
    const kept = this.#kept;
    if (kept === undefined) return;
    this.#kept = undefined;
    for (const callback of kept) this.#host.soon(callback);
  }

  now(): number {
    return this.#host.now();
  }

  soon(callback: () => void): void {
    if (this.#starting === 0) this.#host.soon(callback);
    else if (this.#kept === undefined) this.#kept = [callback];
    else this.#kept.push(callback);
  }

  admitsMicrotask(besides?: number): boolean {
    return this.#starting === 0 && (this.#host.admitsMicrotask?.(besides) ?? false);
  }

  quiet(): void {
    this.#host.quiet?.();
  }

  at(when: number, callback: () => void): Timer {
    return this.#host.at(when, callback);
  }

  hold(what: string, options?: HoldOptions): Release {
    return this.#host.hold(what, options);
  }

  /** A line for each task of the loop that waits, with what it waits for. */
  get waiting(): readonly string[] {
    return this.#party?.stuck() ?? [];
  }

  watch(party: WatchedParty): Release {
    this.#party = party;
    return this.#host.watch?.(party) ?? (() => {});
  }
}
