// Children started, fed, captured and cancelled at moments that a seed chooses, many at once: nothing is left of them. Here there are
// few; `TRESTLE_SOAK=1000 pnpm vitest run packages/io/test/flows/soak.test.ts` is the whole.
import {
  createTask,
  run as runLoop,
  sleep as sleepInLoop,
  timeout,
  TimeoutError,
} from "@trestle/loop";
import type { StreamReader } from "@trestle/loop/streams";
import { CapacityLimiter, moveOnAfter, openNursery, run, sleep, using } from "@trestle/structured";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSubprocessExec } from "../../src/loop/create-subprocess.js";
import { runProcess as runInLoop } from "../../src/loop/run-process.js";
import { openProcess } from "../../src/structured/open-process.js";
import type { Process } from "../../src/structured/process.js";
import { runProcess } from "../../src/structured/run-process.js";
import { childStates, openDescriptors } from "../processes.js";

const { TRESTLE_SOAK: wanted = "40" } = process.env;
const COUNT = Number(wanted);
const AT_ONCE = 20;
const LONGEST_MS = 150;
const MANY = new Uint8Array(300_000).fill(120);
const FILTER = "read line; cat > /dev/null; echo done; echo $line >&2";
const SILENT = "trap '' TERM; exec sleep 1000";
const both = { captureStdout: true, captureStderr: true } as const;
const piped = { stdin: "pipe", stdout: "pipe", stderr: "pipe" } as const;

/** Gives a number from 0 to 1, the next one at each call, the same ones for a seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

let descriptors = 0;
beforeEach(() => {
  vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  descriptors = openDescriptors();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await vi.waitFor(() => expect([openDescriptors(), childStates()]).toEqual([descriptors, []]));
});

/** How much memory is in use, garbage included: it must not grow with the number of children. */
function expectLittleMemory(before: number): void {
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
}

test("T212: nothing is left, structured", { timeout: 600_000 }, async () => {
  const next = numbers(1);
  const before = process.memoryUsage().rss;
  let completed = 0;
  await run(() =>
    openNursery(function* (nursery) {
      const limiter = new CapacityLimiter(AT_ONCE);
      for (let i = 0; i < COUNT; i++) {
        const [kind, ms] = [i % 4, next() * LONGEST_MS];
        nursery.startSoon(function* () {
          yield* limiter.hold(() => moveOnAfter(ms, () => oneOf(kind, () => completed++)));
        });
      }
    }),
  );
  expect(completed).toBeLessThanOrEqual(COUNT);
  expectLittleMemory(before);
});

function* oneOf(kind: number, done: () => void) {
  const options = { gracePeriod: 30, ...both };
  if (kind === 0) yield* runProcess(FILTER, { shell: true, stdin: MANY, ...options });
  if (kind === 1) yield* runProcess(SILENT, { shell: true, ...options });
  if (kind === 2)
    yield* runProcess("echo a; echo b >&2", { shell: true, captureStdout: true, stderr: "stdout" });
  if (kind === 3) {
    yield* using(openProcess(["cat"], piped), function* (cat: Process) {
      yield* cat.stdin!.sendAll(MANY.subarray(0, 1000));
      yield* cat.stdout!.receiveSome();
    });
  }
  done();
}

test("nothing is left, loop", { timeout: 600_000 }, async () => {
  const next = numbers(2);
  const before = process.memoryUsage().rss;
  await runLoop(async () => {
    for (let i = 0; i < COUNT; i += AT_ONCE) {
      const batch = Array.from({ length: AT_ONCE }, (_none, j) => {
        const ms = next() * LONGEST_MS;
        return createTask(async () => {
          try {
            await timeout(ms, () => oneInLoop(j % 3));
          } catch (error) {
            if (!(error instanceof TimeoutError)) throw error;
          }
        });
      });
      for (const task of batch) await task;
    }
    await sleepInLoop(0);
  });
  expectLittleMemory(before);
});

async function oneInLoop(kind: number): Promise<void> {
  const options = { shell: true, gracePeriod: 30, ...both } as const;
  if (kind === 0) await runInLoop(FILTER, { stdin: MANY, ...options });
  if (kind === 1) await runInLoop(SILENT, options);
  if (kind === 2) {
    const cat = await createSubprocessExec("cat", [], piped);
    try {
      cat.stdin?.write(MANY);
      await cat.stdout?.readexactly(MANY.length);
    } finally {
      await cat[Symbol.asyncDispose]();
    }
  }
}

// What a child writes waits in the pipe for whoever reads it: 10 MB for each of the children above.
const FAR_TOO_MUCH = COUNT * 10_000_000;
const writer = ["head", "-c", String(FAR_TOO_MUCH), "/dev/zero"] as const;
/** A reader that rests now and then is slower than the child. */
const READS_TO_REST = 2000;

test(
  "a child that writes into a slow reader fills no memory, structured",
  { timeout: 600_000 },
  async () => {
    const before = process.memoryUsage().rss;
    let [total, reads] = [0, 0];
    await run(function* () {
      const child = yield* openProcess([...writer], { stdout: "pipe" });
      yield* using(child, function* ({ stdout }) {
        for (;;) {
          const bytes = yield* (stdout as NonNullable<typeof stdout>).receiveSome();
          if (bytes.length === 0) return;
          total += bytes.length;
          if (++reads % READS_TO_REST === 0) yield* sleep(1);
          if (reads % READS_TO_REST === 0) expectLittleMemory(before);
        }
      });
    });
    expect(total).toBe(FAR_TOO_MUCH);
  },
);

test(
  "a child that writes into a slow reader fills no memory, loop",
  { timeout: 600_000 },
  async () => {
    const before = process.memoryUsage().rss;
    let [total, reads] = [0, 0];
    await runLoop(async () => {
      const [program, ...args] = writer;
      await using child = await createSubprocessExec(program, args, { stdout: "pipe" });
      for (;;) {
        const bytes = await (child.stdout as StreamReader).read(65_536);
        if (bytes.length === 0) return;
        total += bytes.length;
        if (++reads % READS_TO_REST === 0) await sleepInLoop(1);
        if (reads % READS_TO_REST === 0) expectLittleMemory(before);
      }
    });
    expect(total).toBe(FAR_TOO_MUCH);
  },
);
