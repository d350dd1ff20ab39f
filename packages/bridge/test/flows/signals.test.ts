// Ctrl-C at any moment: a program under `main` of the structured flavor unwinds both flavors and ends, whatever it was at. Each
// program is a process of its own, which is interrupted when it has printed "ready".
import { describe, expect, test } from "vitest";
import { childPrograms, type ChildResult } from "../child-program.js";

const run = childPrograms();

/** What the programs are written with. */
const TOOLS = `
  const { asLoop, asStructured, openLoop } = bridge;
  const { CancelScope, checkpoint, isCancelled, sleep } = structured;
  const log = (line) => console.log(line);
  const nap = asStructured((ms) => loop.sleep(ms));
  function* telling(name, operation) {
    try {
      yield* operation();
    } catch (error) {
      log(name + ": " + (isCancelled(error) ? "Cancelled" : error.name));
      throw error;
    }
  }
  async function tellingLoop(name, fn) {
    try {
      await fn();
    } catch (error) {
      log(name + ": " + error.name);
      throw error;
    }
  }
  const start = (body, options) =>
    structured.main(() => openLoop(body, options)).then(() => log("main has ended"));
`;

/** Runs a program and sends it a SIGINT at each "ready". */
function interrupted(program: string): Promise<ChildResult> {
  return run(TOOLS + program, (line, child) => {
    if (line === "ready") child.kill("SIGINT");
  });
}

describe("Ctrl-C, with everything parked", () => {
  test("in structured code that waits for loop code", async () => {
    expect(
      await interrupted(`start(function* () {
        yield* telling("body", asStructured(() => tellingLoop("loop task", async () => {
          log("ready");
          await loop.sleep(1e8);
        })));
      });`),
    ).toEqual({
      code: 130,
      lines: ["ready", "loop task: CancelledError", "body: Cancelled", "main has ended"],
    });
  });

  test("in the middle of a sandwich", async () => {
    expect(
      await interrupted(`start(function* () {
        const inner = asLoop(() => telling("inner", function* () {
          log("ready");
          yield* sleep(1e8);
        }));
        yield* telling("body", asStructured(() => tellingLoop("loop task", () => inner())));
      });`),
    ).toEqual({
      code: 130,
      lines: [
        "ready",
        "inner: Cancelled",
        "loop task: CancelledError",
        "body: Cancelled",
        "main has ended",
      ],
    });
  });

  test("with tasks of both flavors in the background that nobody waits for", async () => {
    expect(
      await interrupted(`start(function* (hosted) {
        hosted.createTask(() => tellingLoop("loop task", () => loop.sleep(1e8)));
        void asLoop(() => telling("structured task", () => sleep(1e8)))();
        hosted.callLater(10, () => log("ready"));
        yield* telling("body", () => sleep(1e8));
      });`),
    ).toEqual({
      code: 130,
      lines: [
        "ready",
        "body: Cancelled",
        "loop task: CancelledError",
        "structured task: Cancelled",
        "main has ended",
      ],
    });
  });
});

describe("Ctrl-C, with something busy", () => {
  test("structured code that passes checkpoints", async () => {
    expect(
      await interrupted(`start(function* () {
        log("ready");
        yield* telling("body", function* () {
          for (;;) yield* checkpoint();
        });
      });`),
    ).toEqual({ code: 130, lines: ["ready", "body: Cancelled", "main has ended"] });
  });

  test("callbacks of the loop, with nobody who waits for them (trio-asyncio 2.19 c)", async () => {
    expect(
      await interrupted(`start(function* (hosted) {
        const again = () => hosted.callSoon(again);
        hosted.callSoon(() => {
          log("ready");
          again();
        });
        yield* telling("body", () => sleep(1e8));
      });`),
    ).toEqual({ code: 130, lines: ["ready", "body: Cancelled", "main has ended"] });
  });

  test("loop code, with structured code that waits for it (trio-asyncio 2.19 d, 7, 3)", async () => {
    expect(
      await interrupted(`start(function* () {
        yield* telling("body", asStructured(() => tellingLoop("loop task", async () => {
          log("ready");
          for (;;) await loop.sleep(0);
        })));
      });`),
    ).toEqual({
      code: 130,
      lines: ["ready", "loop task: CancelledError", "body: Cancelled", "main has ended"],
    });
  });

  test("loop code, with structured code that waits for something else in the loop (trio-asyncio 2.19 d, 7, 3)", async () => {
    expect(
      await interrupted(`start(function* (hosted) {
        hosted.createTask(() => tellingLoop("busy task", async () => {
          log("ready");
          for (;;) await loop.sleep(0);
        }));
        yield* telling("body", () => nap(1e8));
      });`),
    ).toEqual({
      code: 130,
      lines: ["ready", "body: Cancelled", "busy task: CancelledError", "main has ended"],
    });
  });

  test("both sides, calling each other over and over", async () => {
    const { code, lines } = await interrupted(`start(function* () {
        const back = asLoop(() => checkpoint());
        const across = asStructured(async () => { for (let i = 0; i < 10; i++) await back(); });
        log("ready");
        yield* telling("body", function* () {
          for (;;) yield* across();
        });
      });`);
    expect([code, lines]).toEqual([130, ["ready", "body: Cancelled", "main has ended"]]);
  });

  test("plain code, which the signal has to wait for", async () => {
    expect(
      await interrupted(`start(function* (hosted) {
        hosted.callSoon(() => {
          process.kill(process.pid, "SIGINT");
          for (const end = Date.now() + 50; Date.now() < end; );
          log("plain code has ended");
        });
        yield* telling("body", () => sleep(1e8));
      });`),
    ).toEqual({ code: 130, lines: ["plain code has ended", "body: Cancelled", "main has ended"] });
  });
});

describe("Ctrl-C at the beginning and at the end", () => {
  test("before the body has begun", async () => {
    expect(
      await run(`${TOOLS}
        start(function* () {
          log("the body begins");
          yield* telling("body", () => nap(1e8));
        });
        process.emit("SIGINT", "SIGINT");`),
    ).toEqual({ code: 130, lines: ["the body begins", "body: Cancelled", "main has ended"] });
  });

  test("while tasks unwind: the first one changes nothing, since all are cancelled already", async () => {
    expect(
      await interrupted(`start(function* (hosted) {
        hosted.createTask(() => tellingLoop("loop task", async () => {
          try {
            await loop.sleep(1e8);
          } finally {
            const heard = new Promise((resolve) => process.once("SIGINT", resolve));
            const alive = setInterval(() => {}, 1e8);
            log("ready");
            await heard;
            clearInterval(alive);
            log("cleaned up");
          }
        }));
        yield* nap(1);
      });`),
    ).toEqual({
      code: 130,
      lines: ["ready", "cleaned up", "loop task: CancelledError", "main has ended"],
    });
  });

  test("twice, with a task that does not stop: the process ends at once, and the report names the task", async () => {
    const { code, lines } = await interrupted(`start(function* (hosted) {
        hosted.createTask(async function stubborn() {
          const alive = setInterval(() => {}, 1e8);
          for (;;) await loop.sleep(1e8).catch(() => log("ready"));
        });
        yield* telling("body", function* () {
          hosted.callLater(10, () => log("ready"));
          yield* nap(1e8);
        });
      });`);
    expect(code).toBe(-1);
    expect(lines).toContain("Ended by a second signal, SIGINT. Left:");
    expect(lines).toContain(
      "  task 'main' waits for the end of task 'stubborn' in the loop of openLoop",
    );
  });

  test("once, with a task that does not stop and a grace period: the program ends by itself, and the report names the task", async () => {
    const { code, lines } = await interrupted(`start(function* (hosted) {
        hosted.createTask(async function stubborn() {
          const alive = setInterval(() => {}, 1e8);
          setTimeout(() => clearInterval(alive), 500);
          await new Promise(() => {});
        });
        yield* telling("body", function* () {
          hosted.callLater(10, () => log("ready"));
          yield* nap(1e8);
        });
      }, { shutdownGrace: 20 });`);
    expect(code).toBe(1);
    expect(lines.join("\n")).toMatch(
      /Cannot end what runs in the loop: it goes on 20 ms after it was cancelled\.\n +task 'stubborn' waits for a promise that is not the event loop's/,
    );
  });
});

test("a cleanup may use the other flavor after Ctrl-C, in a shield", async () => {
  expect(
    await interrupted(`start(function* () {
      try {
        log("ready");
        yield* sleep(1e8);
      } finally {
        yield* new CancelScope({ shield: true }).run(function* () {
          yield* nap(5);
          log("saved");
        });
      }
    });`),
  ).toEqual({ code: 130, lines: ["ready", "saved", "main has ended"] });
});

test("an error that means the end, in a callback, ends the program with its exit code and without a report", async () => {
  expect(
    await run(`${TOOLS}
      start(function* (hosted) {
        hosted.setExceptionHandler(() => log("never"));
        hosted.createTask(() => tellingLoop("loop task", () => loop.sleep(1e8)));
        hosted.callLater(5, () => { throw new host.ExitError(3); });
        yield* telling("body", () => nap(1e8));
      });`),
  ).toEqual({
    code: 3,
    lines: ["body: Cancelled", "loop task: CancelledError", "main has ended"],
  });
});
