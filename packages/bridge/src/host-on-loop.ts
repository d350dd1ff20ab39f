// An event loop as a Host: what lives on it has its turns as callbacks of the loop, in no task. While the loop stands still it
// stands still, too, and is not stuck; a loop that has closed takes nothing more.
import type { DeadlockError, HoldOptions, Host, Release, Timer, WatchedParty } from "@trestle/host";
import type { EventLoop } from "@trestle/loop";

const nothing: Timer = { cancel: () => {} };

/** Gives a Host whose time and turns are those of a loop. */
export function hostOnLoop(loop: EventLoop): Host {
  return new HostOnLoop(loop);
}

class HostOnLoop implements Host {
  readonly #loop: EventLoop;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  now(): number {
    return this.#loop.time();
  }

  // The loop takes its own calls in whatever the length of its queue, so they are made in its name.
  soon(callback: () => void): void {
    const loop = this.#loop;
    if (!loop.isClosed()) loop.enter(() => loop.callSoon(callback));
  }

  at(when: number, callback: () => void): Timer {
    const loop = this.#loop;
    return loop.isClosed() ? nothing : loop.enter(() => loop.callAt(when, callback));
  }

  hold(what: string, options?: HoldOptions): Release {
    return this.#loop.host.hold(what, options);
  }

  watch(party: WatchedParty): Release {
    const loop = this.#loop;
    const { host } = loop;
    return (
      host.watch?.({
        stuck: () => (loop.isRunning() ? party.stuck() : []),
        deadlock: (error: DeadlockError) => party.deadlock(error),
      }) ?? (() => {})
    );
  }
}
