// Programs on Node's own event loop, each in a process of its own: what is left behind would keep that alive.
import { describe, expect, test } from "vitest";
import { childPrograms } from "../child-program.js";

const run = childPrograms();

const REPORT = `
  const open = () => process.getActiveResourcesInfo().filter((name) => /timer|timeout|immediate|tcp/i.test(name)).length;
`;

describe("after a run", () => {
  test("no handle, no timer and no listener is left, and the process ends", async () => {
    expect(
      await run(`${REPORT}
        const nap = bridge.asStructured((ms) => loop.sleep(ms));
        const structuredNap = bridge.asLoop((ms) => structured.sleep(ms));
        const value = await bridge.run(function* (hosted) {
          hosted.callLater(1e8, () => console.log("never"));
          hosted.createTask(() => loop.sleep(1e8));
          void structuredNap(1e8);
          yield* structured.moveOnAfter(5, () => nap(1e8));
          yield* nap(5);
          return "value";
        });
        console.log(value, open(), process.listenerCount("beforeExit"));
      `),
    ).toEqual({ code: 0, lines: ["value 0 0"] });
  });

  test("that failed, nothing is left either", async () => {
    expect(
      await run(`${REPORT}
        const failing = bridge.run(function* (hosted) {
          hosted.createTask(() => loop.sleep(1e8));
          hosted.callLater(5, () => { throw new Error("of a callback"); });
          yield* structured.sleep(1e8);
        });
        await failing.catch((error) => console.log(error.name, error.errors[0].message));
        console.log(open(), process.listenerCount("beforeExit"));
      `),
    ).toEqual({ code: 0, lines: ["ExceptionGroup of a callback", "0 0"] });
  });

  test("the process's async context is as it was: no loop and no task is current", async () => {
    expect(
      await run(`
        await bridge.run(() => bridge.asStructured(async function work() { await loop.sleep(1); })());
        await new Promise((resolve) => setTimeout(resolve, 1));
        console.log(loop.currentLoop(), loop.currentTask(), bridge.currentLoop(), structured.inStructuredTask());
      `),
    ).toEqual({ code: 0, lines: ["undefined undefined undefined false"] });
  });
});

describe("importing the package", () => {
  test("does nothing", async () => {
    expect(
      await run(`${REPORT}
        console.log(open(), process.listenerCount("beforeExit"), process.listenerCount("uncaughtException"));
      `),
    ).toEqual({ code: 0, lines: ["0 0 0"] });
  });
});

describe("a run that nothing can wake any more", () => {
  test("is told so when the process would end: a Future that nobody sets", async () => {
    const { code, lines } = await run(`
      const waiting = bridge.run(function* main(hosted) {
        try {
          yield* bridge.awaitFuture(hosted.createFuture("the reply"));
        } finally {
          yield* new structured.CancelScope({ shield: true }).run(() => structured.sleep(5));
          console.log("cleaned up");
        }
      });
      await waiting.catch((error) => console.log(error.name, error.parked.includes("task 'main' waits for the reply")));
    `);
    expect([code, lines]).toEqual([0, ["cleaned up", "DeadlockError true"]]);
  });

  test("is told so when a loop task waits for a foreign promise that nobody settles", async () => {
    const { code, lines } = await run(`
      const waiting = bridge.run(() => bridge.asStructured(async function load() {
        await new Promise(() => {});
      })());
      await waiting.catch((error) => console.log(error.message));
    `);
    expect(code).toBe(0);
    expect(lines).toContain("  task 'main' waits for async function 'load'");
    expect(lines).toContain("  task 'load' waits for a promise that is not the event loop's");
  });
});
