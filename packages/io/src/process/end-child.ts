// The end of a child that is not wanted any more, as a Wait that nobody can take back, and that ends in any case:
//
//   SIGTERM ── a grace period ──▶ SIGKILL ── another one, of five seconds ──▶ left to itself, with a warning
//      └──────────── its end ─────────┴──────▶ what is left of its group is killed
//
// A child lives in real time, whatever clock a run has, and so do these periods.
import { platformHost, success, type Host, type Timer, type Wait } from "@trestle/host";
import type { Child } from "./child.js";
import { warn } from "./warn.js";

const LAST_PATIENCE_MS = 5000;

/**
 * Ends a child, and its group where it leads one; at once, where it has ended already.
 *
 * @param grace how long it has after SIGTERM, in milliseconds of real time; with 0 it gets SIGKILL alone
 */
export function endChild(child: Child, host: Host, grace: number): Wait<void> {
  return ended(child, host, (ending) => ending.begin(grace));
}

/** Kills a child that somebody else has asked to end, when it has not after so many milliseconds of real time. */
export function killChildAfter(child: Child, host: Host, grace: number): Wait<void> {
  return ended(child, host, (ending) => ending.await(grace));
}

/** Ends children side by side, as each is to be ended; those that may stay are let go of. */
export function endChildren(children: Iterable<Child>, host: Host): Wait<void> {
  return (resume) => {
    let left = 1;
    const oneEnded = (): void => {
      if (--left === 0) resume(success());
    };
    for (const child of children) {
      if (child.returnCode === undefined && child.traits.leaveRunning) {
        child.leave();
      } else {
        left++;
        endChild(
          child,
          host,
          child.traits.gracePeriod,
        )(() => {
          child.destroyStreams();
          oneEnded();
        });
      }
    }
    oneEnded();
    return () => "committed";
  };
}

function ended(child: Child, host: Host, begin: (ending: Ending) => void): Wait<void> {
  return (resume) => {
    const release = host.hold(`the end of ${child.description}`);
    begin(
      new Ending(child, () => {
        release();
        resume(success());
      }),
    );
    return () => "committed";
  };
}

class Ending {
  readonly #child: Child;
  readonly #done: () => void;
  #grace = 0;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(child: Child, done: () => void) {
    this.#child = child;
    this.#done = done;
  }

  /** Asks for the end. */
  begin(grace: number): void {
    if (this.#child.returnCode === undefined && grace > 0 && !this.#send("SIGTERM")) return;
    this.await(grace);
  }

  /** Waits for the end, and then makes it. */
  await(grace: number): void {
    this.#grace = grace;
    if (this.#child.returnCode === undefined) {
      this.#child.whenEnded(() => this.#finish());
      if (grace === 0) this.#kill();
      else if (Number.isFinite(grace)) this.#after(grace, this.#outOfPatience);
    } else {
      this.#finish();
    }
  }

  readonly #outOfPatience = (): void => {
    warn(
      "TRESTLE_PROCESS_KILLED",
      `${this.#child.description} did not end within ${this.#grace} ms, and gets SIGKILL.`,
    );
    this.#kill();
  };

  #kill(): void {
    if (this.#send("SIGKILL")) this.#after(LAST_PATIENCE_MS, this.#giveUp);
  }

  readonly #giveUp = (): void => {
    this.#leave(`it goes on ${LAST_PATIENCE_MS} ms after SIGKILL`);
  };

  /** Where it may not be sent a signal there is nothing to wait for. */
  #send(signal: NodeJS.Signals): boolean {
    try {
      this.#child.send(signal);
      return true;
    } catch (error) {
      this.#leave(`it may not be sent ${signal} (${(error as NodeJS.ErrnoException).code})`);
      return false;
    }
  }

  #leave(why: string): void {
    if (this.#isOver) return;
    warn("TRESTLE_PROCESS_LEFT", `Cannot end ${this.#child.description}: ${why}. It is left.`);
    this.#child.leave();
    this.#finish();
  }

  #after(ms: number, callback: () => void): void {
    const host = platformHost();
    this.#timer = host.at(host.now() + ms, callback);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#child.killGroup();
    this.#done();
  }
}
