import { describe, expect, test, vi } from "vitest";
import { DeadlockError } from "../src/deadlock-error.js";
import { reportDeadlock } from "../src/node-host.js";
import { childPrograms } from "./child-program.js";

// A child that hangs is killed, and its lines are shown: the test waits longer than that.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 30_000 });

const run = childPrograms();

describe("the life of the process", () => {
  test("is not touched by importing the package", async () => {
    expect(
      await run(`
        console.log(process.getActiveResourcesInfo().filter((name) => /timer|immediate|port/i.test(name)).length);
        console.log(process.listenerCount("beforeExit"));
      `),
    ).toEqual({ code: 0, lines: ["0", "0"] });
  });

  test("goes on while something is held, and ends with the release", async () => {
    expect(
      await run(`
        const release = host.platformHost().hold("a download");
        setTimeout(() => {
          console.log("still here");
          release();
          setTimeout(() => console.log("not any more"), 1).unref();
        }, 20).unref();
      `),
    ).toEqual({ code: 0, lines: ["still here"] });
  });

  test("ends while something is held that keeps nothing alive", async () => {
    expect(
      await run(`
        host.platformHost().hold("somebody's promise", { keepAlive: false });
        setTimeout(() => console.log("still here"), 20).unref();
      `),
    ).toEqual({ code: 0, lines: [] });
  });

  test("goes on for a timer, and not for one that was cancelled", async () => {
    expect(
      await run(`
        const node = host.platformHost();
        node.at(node.now() + 10, () => console.log("timer"));
        node.at(node.now() + 1e8, () => console.log("cancelled")).cancel();
      `),
    ).toEqual({ code: 0, lines: ["timer"] });
  });

  test("goes on for what is ready soon", async () => {
    expect(
      await run(`
        let turns = 0;
        const again = () => (++turns < 100_000 ? host.platformHost().soon(again) : console.log(turns));
        again();
      `),
    ).toEqual({ code: 0, lines: ["100000"] });
  });
});

test("lets I/O, timers and immediates of the process in while it stays busy", async () => {
  expect(
    await run(`
      import { readFile } from "node:fs";
      const missing = new Set(["file", "timer", "immediate"]);
      readFile(process.execPath, { flag: "r" }, () => missing.delete("file"));
      setTimeout(() => missing.delete("timer"), 10);
      setImmediate(() => missing.delete("immediate"));
      const busy = () => (missing.size > 0 ? host.platformHost().soon(busy) : console.log("all came"));
      busy();
    `),
  ).toEqual({ code: 0, lines: ["all came"] });
});

describe.each([
  ["no storage is in use", ""],
  [
    "an AsyncLocalStorage is in use",
    `const { AsyncLocalStorage } = await import("node:async_hooks");
    new AsyncLocalStorage().enterWith("in use");`,
  ],
])("while %s", (_name, begin) => {
  test("all microtasks of a callback run before the next one, however deep", async () => {
    expect(
      await run(`${begin}
        const node = host.platformHost();
        let [pending, early, calls] = [0, 0, 0];
        const chain = async (depth) => {
          pending++;
          for (let i = 0; i < depth; i++) await undefined;
          pending--;
        };
        const spin = (ms) => { for (const until = performance.now() + ms; performance.now() < until; ); };
        const callback = () => {
          if (pending > 0) early++;
          if (++calls === 20_000) return console.log("too early: " + early);
          void chain(calls % 37);
          // Now and then the platform's input comes first.
          if (calls % 1000 === 0) spin(5);
          if (calls % 3 === 0) void chain(3).then(() => node.soon(callback));
          else node.soon(callback);
        };
        node.soon(callback);
      `),
    ).toEqual({ code: 0, lines: ["too early: 0"] });
  });

  test("the turns go on where the timers of the process are others", async () => {
    expect(
      await run(`${begin}
        const { setImmediate } = globalThis;
        const { nextTick } = process;
        globalThis.setImmediate = process.nextTick = () => {};
        const node = host.platformHost();
        const done = () => {
          globalThis.setImmediate = setImmediate;
          process.nextTick = nextTick;
          console.log(turns);
        };
        let turns = 0;
        const again = () => (++turns < 100_000 ? node.soon(again) : done());
        again();
      `),
    ).toEqual({ code: 0, lines: ["100000"] });
  });
});

test("a context that a callback has entered is gone after the next time of I/O", async () => {
  expect(
    await run(`
      const { AsyncLocalStorage } = await import("node:async_hooks");
      const storage = new AsyncLocalStorage();
      const node = storage.run("of who asks first", () => host.platformHost());
      setTimeout(() => node.soon(() => storage.enterWith("entered")), 10);
      setTimeout(() => node.soon(() => console.log(storage.getStore())), 30);
    `),
  ).toEqual({ code: 0, lines: ["undefined"] });
});

test("goes on after a callback that throws, where the process does", async () => {
  const { code, lines } = await run(`
    process.on("uncaughtException", (error) => console.log("uncaught: " + error.message));
    const node = host.platformHost();
    node.soon(() => console.log("a"));
    node.soon(() => { throw new Error("of the callback"); });
    node.soon(() => console.log("b"));
    node.at(node.now() + 1, () => { throw new Error("of the timer"); });
    node.at(node.now() + 5, () => console.log("c"));
  `);
  const uncaught = lines.filter((line) => line.startsWith("uncaught: "));
  const others = lines.filter((line) => !uncaught.includes(line));
  expect([code, others, uncaught]).toEqual([
    0,
    ["a", "b", "c"],
    ["uncaught: of the callback", "uncaught: of the timer"],
  ]);
});

test("what a call of Node's sets off has its first turn in that call, and the next after the microtasks of that", async () => {
  const { lines } = await run(`
    const node = host.platformHost();
    const chain = async (name) => {
      for (let i = 0; i < 3; i++) await undefined;
      console.log("microtasks of " + name);
    };
    const turn = (name) => () => (console.log(name), void chain(name));
    setTimeout(() => {
      setImmediate(() => console.log("the next call"));
      node.inCallback(() => {
        node.soon(turn("a"));
        node.soon(turn("b"));
      });
      console.log("end of the call");
    }, 1);
  `);
  expect(lines).toEqual([
    "end of the call",
    "a",
    "microtasks of a",
    "the next call",
    "b",
    "microtasks of b",
  ]);
});

test("ends the process when a callback throws and nobody catches it", async () => {
  const { code, lines } = await run(`
    const node = host.platformHost();
    node.soon(() => { throw new Error("of the callback"); });
    node.at(node.now() + 1000, () => console.log("too late"));
  `);
  expect(code).toBe(1);
  expect(lines.join(" ")).toContain("Error: of the callback");
  expect(lines).not.toContain("too late");
});

describe("a deadlock", () => {
  test("is reported when Node runs out of events, to those who are stuck", async () => {
    expect(
      await run(`
        const node = host.platformHost();
        const party = (name, stuck) => ({ stuck: () => stuck, deadlock: (error) => console.log(name, error.parked.join()) });
        node.watch(party("one", ["a waits for b"]));
        node.watch(party("two", []));
        node.watch(party("three", ["b waits for a"]));
        node.at(node.now() + 5, () => console.log("last event"));
      `),
    ).toEqual({
      code: 0,
      lines: ["last event", "one a waits for b,b waits for a", "three a waits for b,b waits for a"],
    });
  });

  test("can be unwound: what the report wakes goes on", async () => {
    expect(
      await run(`
        const node = host.platformHost();
        let stuck = ["a waits"];
        node.watch({
          stuck: () => stuck,
          deadlock: (error) => {
            stuck = [];
            node.at(node.now() + 5, () => console.log("unwound after " + error.code));
          },
        });
      `),
    ).toEqual({ code: 0, lines: ["unwound after TRESTLE_DEADLOCK"] });
  });

  test("is not reported to those who watch no more, and leaves no listener", async () => {
    expect(
      await run(`
        const node = host.platformHost();
        const watch = (name) => node.watch({ stuck: () => ["stuck"], deadlock: () => console.log(name) });
        const [first, second] = [watch("first"), watch("second")];
        console.log(process.listenerCount("beforeExit"));
        first();
        first();
        second();
        console.log(process.listenerCount("beforeExit"));
      `),
    ).toEqual({ code: 0, lines: ["1", "0"] });
  });
});

describe("reportDeadlock", () => {
  test("tells whether there was anybody to tell", () => {
    const reports: DeadlockError[] = [];
    const party = (...lines: string[]) => ({
      stuck: () => lines,
      deadlock: (error: DeadlockError) => reports.push(error),
    });
    expect(reportDeadlock(new Set())).toBe(false);
    expect(reportDeadlock(new Set([party()]))).toBe(false);
    expect(reports).toEqual([]);
    expect(reportDeadlock(new Set([party("a"), party(), party("b", "c")]))).toBe(true);
    expect(reports).toHaveLength(2);
    expect(reports[0]).toBeInstanceOf(DeadlockError);
    expect(reports[0]?.parked).toEqual(["a", "b", "c"]);
    expect(reports[1]).toBe(reports[0]);
  });
});
