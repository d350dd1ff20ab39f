import { describe, expect, test } from "vitest";
import { TurnHost } from "../src/turn-host.js";
import { FakePlatform } from "./fake-platform.js";

function set(): {
  host: TurnHost;
  platform: FakePlatform;
  ran: string[];
  note: (name: string) => () => void;
} {
  const platform = new FakePlatform();
  const ran: string[] = [];
  return { host: new TurnHost(platform), platform, ran, note: (name) => () => void ran.push(name) };
}

describe("soon", () => {
  test("asks the platform for one hop a callback, the first after its input", () => {
    const { host, platform, ran, note } = set();
    for (const name of ["a", "b", "c"]) host.soon(note(name));
    expect([ran, platform.asked()]).toEqual([[], ["input"]]);
    platform.run();
    expect([ran, platform.asked()]).toEqual([
      ["a", "b", "c"],
      ["hop", "hop"],
    ]);
  });

  test("asks for nothing while nothing is ready", () => {
    const { host, platform, note } = set();
    host.soon(note("a"));
    platform.run();
    platform.asked();
    platform.run();
    expect(platform.asked()).toEqual([]);
    host.soon(note("b"));
    expect(platform.asked()).toEqual(["hop"]);
  });

  test("lets input in every few milliseconds while it stays busy", () => {
    const { host, platform } = set();
    let turns = 0;
    const busy = (): void => {
      platform.time += 0.1;
      if (++turns < 1000) host.soon(busy);
    };
    host.soon(busy);
    platform.run();
    const asked = platform.asked();
    const gaps = asked
      .join(" ")
      .split("input")
      .slice(1)
      .map((hops) => hops.split("hop").length - 1);
    expect(turns).toBe(1000);
    expect(gaps.length).toBeGreaterThan(15);
    // 4 ms are 40 of these callbacks, and the clock is read at every fifth.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(45);
  });

  test("lets input in between all callbacks that take long, but for the first few", () => {
    const { host, platform } = set();
    let turns = 0;
    const slow = (): void => {
      platform.time += 10;
      if (++turns < 20) host.soon(slow);
    };
    host.soon(slow);
    platform.run();
    expect(platform.asked().slice(6)).toEqual(Array.from({ length: 14 }, () => "input"));
  });

  test("goes on with the next callback when one throws", () => {
    const { host, platform, ran, note } = set();
    host.soon(note("a"));
    host.soon(() => {
      throw new Error("of the callback");
    });
    host.soon(note("b"));
    expect(() => platform.run()).toThrow("of the callback");
    platform.run();
    expect(ran).toEqual(["a", "b"]);
    host.soon(note("c"));
    platform.run();
    expect(ran).toEqual(["a", "b", "c"]);
  });

  test("keeps the order of ten thousand that are ready at once, and of what they ask for", () => {
    const { host, platform } = set();
    const ran: number[] = [];
    for (let index = 0; index < 10_000; index++) {
      host.soon(() => {
        ran.push(index);
        host.soon(() => ran.push(10_000 + index));
      });
    }
    platform.run();
    expect(ran).toEqual(Array.from({ length: 20_000 }, (_, index) => index));
  });
});

describe("at", () => {
  test("sets one platform timer, for the earliest instant, rounded up", () => {
    const { host, platform, note } = set();
    host.at(10.2, note("a"));
    host.at(20, note("b"));
    host.at(10.2, note("c"));
    expect(platform.asked()).toEqual(["timer 11"]);
    host.at(5, note("d"));
    expect(platform.asked()).toEqual(["timer off", "timer 5"]);
  });

  test("runs all that is due in order, and sets the timer for the rest", () => {
    const { host, platform, ran, note } = set();
    host.at(10, note("b"));
    host.at(30, note("d"));
    host.at(5, note("a"));
    host.at(10, note("c"));
    platform.asked();
    platform.time = 12;
    platform.ring();
    platform.run();
    expect([ran, platform.asked()]).toEqual([
      ["a", "b", "c"],
      ["input", "timer 18", "hop", "hop"],
    ]);
  });

  test("runs nothing when the platform's timer comes early, and sets it again", () => {
    const { host, platform, ran, note } = set();
    host.at(10, note("a"));
    platform.time = 9.4;
    platform.ring();
    platform.run();
    expect([ran, platform.asked()]).toEqual([[], ["timer 10", "timer 1"]]);
    platform.time = 10;
    platform.ring();
    platform.run();
    expect(ran).toEqual(["a"]);
  });

  test("sets a timer of 0 for an instant that is past", () => {
    const { host, platform, ran, note } = set();
    platform.time = 100;
    host.at(3, note("a"));
    expect([ran, platform.asked()]).toEqual([[], ["timer 0"]]);
    platform.ring();
    platform.run();
    expect(ran).toEqual(["a"]);
  });

  test("waits in pieces for what is further off than a platform timer can wait", () => {
    const { host, platform, ran, note } = set();
    const longest = 2 ** 31 - 1;
    host.at(longest + 1000, note("a"));
    expect(platform.asked()).toEqual([`timer ${longest}`]);
    platform.time = longest;
    platform.ring();
    expect(platform.asked()).toEqual(["timer 1000"]);
    platform.time = longest + 1000;
    platform.ring();
    platform.run();
    expect(ran).toEqual(["a"]);
  });

  test("sets no timer for an instant that never comes", () => {
    const { host, platform, note } = set();
    host.at(Number.POSITIVE_INFINITY, note("never"));
    expect(platform.asked()).toEqual([]);
    host.at(5, note("a"));
    expect(platform.asked()).toEqual(["timer 5"]);
    platform.time = 5;
    platform.ring();
    expect(platform.asked()).toEqual(["input"]);
  });

  test("takes the platform's timer back when the last one is cancelled", () => {
    const { host, platform, note } = set();
    const a = host.at(10, note("a"));
    const b = host.at(20, note("b"));
    a.cancel();
    expect(platform.asked()).toEqual(["timer 10"]);
    b.cancel();
    expect(platform.asked()).toEqual(["timer off"]);
    host.at(30, note("c"));
    expect(platform.asked()).toEqual(["timer 30"]);
  });

  test("does not run a timer that is cancelled after it came due", () => {
    const { host, platform, ran, note } = set();
    const timer = host.at(10, note("a"));
    host.at(10, note("b"));
    platform.time = 10;
    platform.ring();
    timer.cancel();
    platform.run();
    expect(ran).toEqual(["b"]);
  });
});

describe("hold", () => {
  test("keeps the process alive from the first hold to the last release", () => {
    const { host, platform } = set();
    const first = host.hold("a");
    const second = host.hold("b", { keepAlive: true });
    expect(platform.asked()).toEqual(["keep alive"]);
    first();
    first();
    expect(platform.asked()).toEqual([]);
    second();
    expect(platform.asked()).toEqual(["let go"]);
    host.hold("c")();
    expect(platform.asked()).toEqual(["keep alive", "let go"]);
  });

  test("keeps nothing alive where it was told not to", () => {
    const { host, platform } = set();
    host.hold("somebody else's promise", { keepAlive: false })();
    expect(platform.asked()).toEqual([]);
  });
});

describe("admitsMicrotask", () => {
  test("says yes where nobody waits", () => {
    const { host } = set();
    expect(host.admitsMicrotask()).toBe(true);
  });

  test("says no where somebody waits for his turn already", () => {
    const { host, platform, note } = set();
    host.soon(note("a"));
    expect(host.admitsMicrotask()).toBe(false);
    platform.run();
    expect(host.admitsMicrotask()).toBe(true);
  });

  test("passes over as many as it was told to", () => {
    const { host, note } = set();
    host.soon(note("a"));
    expect(host.admitsMicrotask(1)).toBe(true);
    host.soon(note("b"));
    expect(host.admitsMicrotask(1)).toBe(false);
  });

  test("says no within a callback", () => {
    const { host, platform } = set();
    let answer: boolean | undefined;
    host.soon(() => (answer = host.admitsMicrotask()));
    platform.run();
    expect(answer).toBe(false);
  });

  test("says yes to some in a row, until the platform had a turn", () => {
    const { host, platform, note } = set();
    const inARow = (): number => {
      let count = 0;
      while (host.admitsMicrotask()) count++;
      return count;
    };
    expect(inARow()).toBe(8);
    host.soon(note("b"));
    platform.run();
    expect(inARow()).toBe(8);
  });
});

describe("quiet", () => {
  test("has the next callback run without a hop, the one after it with one", () => {
    const { host, platform, ran, note } = set();
    host.soon(note("a"));
    platform.run();
    platform.asked();
    host.soon(() => host.quiet());
    host.soon(note("b"));
    host.soon(note("c"));
    platform.run();
    expect([ran, platform.asked()]).toEqual([
      ["a", "b", "c"],
      ["hop", "hop"],
    ]);
  });

  test("lets the platform have its hop after some in a row", () => {
    const { host, platform } = set();
    let turns = 0;
    const quiet = (): void => {
      host.quiet();
      if (++turns < 50) host.soon(quiet);
    };
    host.soon(quiet);
    platform.run();
    expect(turns).toBe(50);
    expect(platform.asked()).toHaveLength(10);
  });

  test("means nothing outside of callbacks, nor for the next one", () => {
    const { host, platform, note } = set();
    host.soon(note("a"));
    host.quiet();
    host.soon(note("b"));
    platform.run();
    expect(platform.asked()).toEqual(["input", "hop"]);
  });

  test("runs the next callback where this one fails after it", () => {
    const { host, platform, ran, note } = set();
    host.soon(() => {
      host.quiet();
      throw new Error("oops");
    });
    host.soon(note("b"));
    expect(() => platform.run()).toThrow("oops");
    platform.run();
    expect(ran).toEqual(["b"]);
  });
});

describe("inCallback", () => {
  test("runs the callback at once, and the first that it gives to soon has its hop there", () => {
    const { host, platform, ran, note } = set();
    host.inCallback(() => {
      for (const name of ["a", "b"]) host.soon(note(name));
      ran.push("end of the call");
    });
    host.soon(note("c"));
    platform.run();
    expect([ran, platform.asked()]).toEqual([
      ["end of the call", "a", "b", "c"],
      ["hop in callback", "input", "hop"],
    ]);
  });

  test("changes nothing for those who wait for their turn already", () => {
    const { host, platform, ran, note } = set();
    host.soon(note("a"));
    host.inCallback(() => host.soon(note("b")));
    platform.run();
    expect([ran, platform.asked()]).toEqual([
      ["a", "b"],
      ["input", "hop"],
    ]);
  });

  test("is over with the callback, also where that throws", () => {
    const { host, platform, note } = set();
    const fails = (): never => {
      throw new Error("oops");
    };
    expect(() => host.inCallback(fails)).toThrow("oops");
    host.soon(note("a"));
    expect(platform.asked()).toEqual(["input"]);
  });

  test("is any call where the platform has no hop within one", () => {
    const platform = new FakePlatform();
    Object.defineProperty(platform, "hopInCallback", { value: undefined });
    const host = new TurnHost(platform);
    host.inCallback(() => host.soon(() => {}));
    expect(platform.asked()).toEqual(["input"]);
  });
});
