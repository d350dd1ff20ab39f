// The native part in worker threads, and in processes of its own. The workers run plain JavaScript, which Node takes from a string.
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { useModules } from "../build-modules.js";
import { hasAddon } from "../open-pair.js";

const require = createRequire(import.meta.url);
const file = path.join(
  path.dirname(require.resolve("@trestle/io/package.json")),
  `prebuilds/${process.platform}-${process.arch}/readiness.node`,
);

const modules = useModules();

/** A program that watches a pipe in the given way; `onEvent` is what it does for each event. */
function program(kind: "poll" | "thread", onEvent: string): string {
  return `
    const addon = require(${JSON.stringify(file)});
    const { closeSync, writeSync } = require("node:fs");
    const { parentPort } = require("node:worker_threads");
    const [reading, writing] = addon.pipe();
    let token = 0;
    const arm = () => addon.arm(handle, reading, 1, ++token);
    const handle = addon.open((count, events) => { ${onEvent} }, ${kind === "thread"});
    addon.hold(handle, true);
    arm();
    writeSync(writing, "x");
  `;
}

/** The number that the next file gets. */
function nextNumber(): number {
  const fd = openSync("/dev/null", "r");
  closeSync(fd);
  return fd;
}

describe.skipIf(!hasAddon).each(["poll", "thread"] as const)("the native part '%s'", (kind) => {
  test("tells a worker of its events", async () => {
    const worker = new Worker(
      program(kind, "parentPort.postMessage([count, events[1], events[2]]); addon.close(handle)"),
      { eval: true },
    );
    // A last message and the exit may come at one time.
    const exited = once(worker, "exit");
    expect(await once(worker, "message")).toEqual([[1, 1, 1]]);
    expect(await exited).toEqual([0]);
  });

  test("lets a worker be terminated while it watches, and leaves nothing of its own open", async () => {
    const numbers: number[] = [];
    for (let i = 0; i < 8; i++) {
      const worker = new Worker(
        program(kind, "if (token === 3) parentPort.postMessage([reading, writing]); arm()"),
        { eval: true },
      );
      const [[...ends]] = (await once(worker, "message")) as [number[]];
      await worker.terminate();
      for (const fd of ends) closeSync(fd);
      numbers.push(nextNumber());
    }
    // Whatever threads of the platform keep is there after the first ones.
    expect(numbers.at(-1)).toBe(numbers.at(-4));
  });

  test("keeps the process alive while somebody waits, and only then", () => {
    const script = program(kind, "process.stdout.write('event'); addon.hold(handle, false)");
    const { status, stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect([status, stdout]).toEqual([0, "event"]);
  });

  test("does not stop a process from leaving while it watches", () => {
    const { status } = spawnSync(process.execPath, ["-e", program(kind, "process.exit(7)")]);
    expect(status).toBe(7);
  });

  test("an error that is thrown in a callback is the program's, like any other", () => {
    const script = program(kind, "addon.hold(handle, false); throw new Error('from the callback')");
    const { status, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain("Error: from the callback");
  });

  test("promises go on within the callback (Node 26.4 leaves them to whatever runs next otherwise)", () => {
    const script = program(
      kind,
      "addon.hold(handle, false); Promise.resolve().then(() => process.stdout.write('microtask ')); process.nextTick(() => process.stdout.write('tick '))",
    );
    const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(stdout.split(" ").toSorted()).toEqual(["", "microtask", "tick"]);
  });
});

/** What a worker hears that runs a program from a text, until it ends. */
async function heardFrom(program: string): Promise<unknown[]> {
  const source = `
    const { parentPort } = require("node:worker_threads");
    const say = (heard) => parentPort.postMessage(heard);
    import(${JSON.stringify(modules())}).then(async ({ ioLoop, ioStructured, structured }) => {
      ${program}
    });
  `;
  const worker = new Worker(source, { eval: true });
  const heard: unknown[] = [];
  worker.on("message", (message) => heard.push(message));
  expect(await once(worker, "exit")).toEqual([0]);
  return heard;
}

test.skipIf(!hasAddon)("a program from a text finds the native part", async () => {
  expect(await heardFrom("say(ioLoop.openPipe().length)")).toEqual([2]);
});

test.skipIf(!hasAddon)(
  "a pipe that a worker has opened closes there without a warning",
  async () => {
    const program = `
    process.on("warning", (warning) => say(warning.message));
    for (const end of ioLoop.openPipe()) end.close();
    await structured.run(function* () {
      for (const end of ioStructured.openPipe()) yield* end.aclose();
    });
    // A warning comes before this.
    process.nextTick(() => say("done"));
  `;
    expect(await heardFrom(program)).toEqual(["done"]);
  },
);
