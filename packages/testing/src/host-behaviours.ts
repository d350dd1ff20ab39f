import type { Host } from "@trestle/host";
import type { Behaviour } from "./behaviour.js";
import { expectSame } from "./expect-same.js";

/** A fresh host for one behaviour. */
export interface HostSubject {
  readonly host: Host;
  /** Closes what the host has open; called when the behaviour has run. */
  readonly close?: () => void;
}

/**
 * Gives the behaviours that every Host must show: order, no call within a call, microtasks between callbacks, timers never
 * early, ties in the order of registration, nothing from what was cancelled.
 *
 * On a real host each takes some milliseconds of real time; order is shown, never a duration. Flavor: either. Source: ours. It waits for nothing and throws nothing.
 *
 * @param open makes a fresh host; called once for each run of a behaviour
 * @example
 * ```ts
 * import { hostBehaviours, VirtualHost } from "@trestle/testing";
 *
 * for (const { run } of hostBehaviours(() => ({ host: new VirtualHost() }))) await run();
 * ```
 */
export function hostBehaviours(open: () => HostSubject): readonly Behaviour[] {
  return Object.entries(shows).map(([title, show]) => ({
    title,
    run: async () => {
      const { host, close } = open();
      try {
        await show(host);
      } finally {
        close?.();
      }
    },
  }));
}

const shows: Readonly<Record<string, (host: Host) => Promise<void>>> = {
  "never runs a soon callback inside the call": async (host) => {
    const log: string[] = [];
    host.soon(() => {
      log.push("first begins");
      host.soon(() => log.push("second"));
      log.push("first ends");
    });
    log.push("asked");
    await quiet(host);
    expectSame("the order", log, ["asked", "first begins", "first ends", "second"]);
  },

  "runs soon callbacks in the order of the calls": async (host) => {
    const log: string[] = [];
    host.soon(() => {
      log.push("a");
      host.soon(() => log.push("d"));
    });
    host.soon(() => log.push("b"));
    host.soon(() => log.push("c"));
    await quiet(host);
    expectSame("the order", log, ["a", "b", "c", "d"]);
  },

  "runs the microtasks that a soon callback set off before the next": async (host) => {
    const log: string[] = [];
    const chain = async (): Promise<void> => {
      for (let link = 1; link <= 5; link++) {
        await Promise.resolve();
        log.push(`microtask ${link}`);
      }
    };
    host.soon(() => {
      log.push("a");
      void chain();
    });
    host.soon(() => log.push("b"));
    await quiet(host);
    const links = [1, 2, 3, 4, 5].map((link) => `microtask ${link}`);
    expectSame("the order", log, ["a", ...links, "b"]);
  },

  "runs the microtasks that a timer set off before the next of the same instant": async (host) => {
    const log: string[] = [];
    const when = host.now() + 1;
    host.at(when, () => {
      log.push("a");
      void Promise.resolve().then(() => log.push("microtask of a"));
    });
    host.at(when, () => log.push("b"));
    await quiet(host);
    expectSame("the order", log, ["a", "microtask of a", "b"]);
  },

  "runs timers in the order of their instants": async (host) => {
    const log: string[] = [];
    const now = host.now();
    for (const ms of [3, 1, 2]) host.at(now + ms, () => log.push(`after ${ms}`));
    await quiet(host);
    expectSame("the order", log, ["after 1", "after 2", "after 3"]);
  },

  "keeps the order of registration at one instant": async (host) => {
    const log: string[] = [];
    const when = host.now() + 1;
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    for (const name of names) host.at(when, () => log.push(name));
    await quiet(host);
    expectSame("the order", log, names);
  },

  "never runs a timer before its instant": async (host) => {
    const early: number[] = [];
    const now = host.now();
    for (const ms of [0, 0.1, 0.5, 0.999, 1, 1.5, 2.001, 3.3]) {
      host.at(now + ms, () => {
        if (host.now() < now + ms) early.push(ms);
      });
    }
    await quiet(host);
    expectSame("the timers that came early", early, []);
  },

  "runs a timer whose instant is past, later in the turn": async (host) => {
    const log: string[] = [];
    host.at(host.now() - 1000, () => log.push("timer"));
    log.push("asked");
    await quiet(host);
    expectSame("the order", log, ["asked", "timer"]);
  },

  "lets its time never go back": async (host) => {
    const times = [host.now()];
    const read = (): void => void times.push(host.now());
    for (let i = 0; i < 20; i++) host.soon(read);
    for (let i = 0; i < 5; i++) host.at(host.now() + i, read);
    await quiet(host);
    expectSame(
      "the times read",
      times,
      times.toSorted((a, b) => a - b),
    );
  },

  "does not run a timer that was cancelled": async (host) => {
    const log: string[] = [];
    const now = host.now();
    const timer = host.at(now + 1, () => log.push("cancelled"));
    host.at(now + 1, () => log.push("kept"));
    timer.cancel();
    timer.cancel();
    await quiet(host);
    expectSame("what ran", log, ["kept"]);
  },

  "does not run a timer that was cancelled by one of the same instant": async (host) => {
    const log: string[] = [];
    const when = host.now() + 1;
    host.at(when, () => {
      log.push("a");
      second.cancel();
    });
    const second = host.at(when, () => log.push("b"));
    host.at(when, () => log.push("c"));
    await quiet(host);
    expectSame("what ran", log, ["a", "c"]);
  },

  "lets a timer that has run be cancelled": async (host) => {
    const log: string[] = [];
    const timer = host.at(host.now(), () => {
      log.push("ran");
      timer.cancel();
    });
    await quiet(host);
    timer.cancel();
    host.at(host.now() + 1, () => log.push("another"));
    await quiet(host);
    expectSame("what ran", log, ["ran", "another"]);
  },

  "runs timers and soon callbacks that a timer asks for": async (host) => {
    const log: string[] = [];
    host.at(host.now() + 1, () => {
      log.push("timer");
      host.at(host.now() + 1, () => log.push("timer of the timer"));
      host.soon(() => log.push("soon of the timer"));
    });
    await quiet(host);
    await quiet(host);
    expectSame("the order", log, ["timer", "soon of the timer", "timer of the timer"]);
  },

  "lets a hold be released twice": async (host) => {
    const release = host.hold("something outside");
    const other = host.hold("another thing outside", { keepAlive: false });
    release();
    release();
    other();
    other();
    await quiet(host);
  },
};

/** Resolves when all that was asked for up to some milliseconds from now has run. */
function quiet(host: Host): Promise<void> {
  return new Promise((resolve) => {
    host.at(host.now() + 5, () => host.soon(resolve));
  });
}
