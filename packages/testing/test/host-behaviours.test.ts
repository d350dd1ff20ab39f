import { platformHost, type Host, type Timer } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { BehaviourError } from "../src/behaviour-error.js";
import { hostBehaviours } from "../src/host-behaviours.js";
import { VirtualHost } from "../src/virtual-host.js";
import { browserHost } from "./browser-host.js";

const claimants: Readonly<Record<string, () => Host>> = {
  "Node's event loop": platformHost,
  "a browser's event loop": browserHost,
  "virtual time": () => new VirtualHost(),
  "virtual time on a browser's event loop": () => new VirtualHost({ real: browserHost() }),
  "virtual time that starts late": () => new VirtualHost({ startAt: 1e9 }),
};

for (const [name, open] of Object.entries(claimants)) {
  describe(name, () => {
    for (const { title, run } of hostBehaviours(() => ({ host: open() }))) test(title, run);
  });
}

// Each host here breaks one rule: the behaviour that states the rule must notice.
const broken: Readonly<Record<string, (good: Host) => Partial<Host>>> = {
  "never runs a soon callback inside the call": () => ({ soon: (callback) => callback() }),
  "runs soon callbacks in the order of the calls": (good) => {
    const stack: (() => void)[] = [];
    return {
      soon: (callback) => {
        stack.push(callback);
        good.soon(() => stack.pop()?.());
      },
    };
  },
  "runs the microtasks that a soon callback set off before the next": () => ({
    soon: (callback) => void Promise.resolve().then(callback),
  }),
  "runs the microtasks that a timer set off before the next of the same instant": (good) => ({
    at: inBulk(good),
  }),
  "runs timers in the order of their instants": (good) => ({
    at: (_when, callback) => good.at(good.now() + 1, callback),
  }),
  "keeps the order of registration at one instant": (good) => {
    let earlier = 0;
    return { at: (when, callback) => good.at(when - (earlier += 1e-6), callback) };
  },
  "never runs a timer before its instant": (good) => ({
    at: (when, callback) => good.at(when - 0.5, callback),
  }),
  "runs a timer whose instant is past, later in the turn": (good) => ({
    at: (when, callback) => {
      if (when > good.now()) return good.at(when, callback);
      callback();
      return { cancel: () => {} };
    },
  }),
  "lets its time never go back": (good) => {
    let jitter = 0;
    return { now: () => good.now() - (jitter = jitter === 0 ? 3 : 0) };
  },
  "does not run a timer that was cancelled": (good) => ({
    at: (when, callback) => {
      good.at(when, callback);
      return { cancel: () => {} };
    },
  }),
  "does not run a timer that was cancelled by one of the same instant": (good) => ({
    at: (when, callback) => {
      const timer = good.at(when, () => good.soon(callback));
      return { cancel: () => timer.cancel() };
    },
  }),
  "lets a timer that has run be cancelled": (good) => ({
    at: (when, callback) => {
      let ran = false;
      good.at(when, () => {
        callback();
        ran = true;
      });
      return {
        cancel: () => {
          if (ran) throw new Error("too late");
        },
      };
    },
  }),
  "lets a hold be released twice": (good) => ({
    hold: (what, options) => {
      let released = false;
      const release = good.hold(what, options);
      return () => {
        if (released) throw new Error("released twice");
        released = true;
        release();
      };
    },
  }),
};

/** Runs all timers of one instant in one callback of the good host. */
function inBulk(good: Host): Host["at"] {
  const instants = new Map<number, (() => void)[]>();
  return (when, callback): Timer => {
    const callbacks = instants.get(when);
    if (callbacks) callbacks.push(callback);
    else {
      instants.set(when, [callback]);
      good.at(when, () => instants.get(when)?.forEach((each) => each()));
    }
    return { cancel: () => {} };
  };
}

describe("a host that breaks a rule", () => {
  const cases = Object.entries(broken);

  test.each(cases)("is found out: %s", async (title, breakRule) => {
    const good = new VirtualHost();
    const host: Host = {
      now: () => good.now(),
      soon: (callback) => good.soon(callback),
      at: (when, callback) => good.at(when, callback),
      hold: (what, options) => good.hold(what, options),
      ...breakRule(good),
    };
    const behaviour = hostBehaviours(() => ({ host })).find((each) => each.title === title);
    await expect(behaviour?.run()).rejects.toBeInstanceOf(Error);
  });

  test("fails with an error that shows what was expected", async () => {
    const good = new VirtualHost();
    const host: Host = {
      now: () => good.now(),
      soon: (callback) => good.soon(callback),
      at: (_when, callback) => good.at(good.now() + 1, callback),
      hold: (what) => good.hold(what),
    };
    const behaviour = hostBehaviours(() => ({ host })).find(({ title }) =>
      title.includes("order of their instants"),
    );
    const error = await behaviour?.run().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BehaviourError);
    expect(error).toMatchObject({
      expected: ["after 1", "after 2", "after 3"],
      actual: ["after 3", "after 1", "after 2"],
    });
  });
});

test("closes each host after its behaviour", async () => {
  let open = 0;
  const behaviours = hostBehaviours(() => {
    open++;
    return { host: new VirtualHost(), close: () => void open-- };
  });
  for (const { run } of behaviours) await run();
  expect(open).toBe(0);
});
