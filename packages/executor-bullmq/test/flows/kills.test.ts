// No job that Redis has accepted is lost, whoever dies: each of the three is killed in turn, in the middle of jobs.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, expect, vi } from "vitest";
import { useQueue, work } from "../queue-for-tests.js";
import { skipped, testWithRedis as test } from "../redis-for-tests.js";
import { until } from "../until.js";

// Each starts a program, and waits for locks to run out.
vi.setConfig({ testTimeout: 60_000 });

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const jobs = useQueue();
const children = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...children].map((child) => kill(child)));
});

/** Starts a program of `programs/` in a process of its own, from source; ends when it has printed a line. */
async function startProgram(name: string, ...given: readonly string[]): Promise<ChildProcess> {
  const file = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
  const child = spawn(
    process.execPath,
    [
      "--conditions=@trestle/source",
      `--import=${loader}`,
      file,
      jobs.redis.url,
      jobs.queue,
      ...given,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.add(child);
  await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

test(`a worker that is killed: another one runs its job again${skipped}`, async () => {
  await using executor = jobs.openExecutor();
  const worker = await startProgram("worker");
  const job = executor.submit(work.waitForFile, [jobs.file("marks"), jobs.file("gate")]);
  await until(() => jobs.lines("marks").length === 1);
  await kill(worker);
  writeFileSync(jobs.file("gate"), "");
  await using _next = jobs.openWorker({ lockMs: 500, stalledCheckMs: 200 });
  expect(await job).toBe("through");
  expect(jobs.lines("marks")).toEqual(["began", "began", "ended"]);
});

test(`Redis that is killed: what it had accepted runs, and what is submitted meanwhile too${skipped}`, async () => {
  await using executor = jobs.openExecutor({ onConnectionError: () => {} });
  // A job that Redis had given out when it died, and whose giving nobody heard of, is found by its lock, which runs out.
  await using worker = jobs.openWorker({
    onConnectionError: () => {},
    concurrency: 2,
    lockMs: 5000,
    stalledCheckMs: 1000,
  });
  await worker.ready();
  const args: [string, string] = [jobs.file("marks"), jobs.file("gate")];
  const running = executor.submit(work.waitForFile, args);
  await until(() => jobs.lines("marks").length === 1);
  const waiting = Array.from({ length: 20 }, (_, index) => executor.submit(work.add, [index, 1]));
  await Promise.all(waiting.slice(0, 10));
  await jobs.redis.server.kill();
  const meanwhile = executor.submit(work.add, [100, 1]);
  writeFileSync(jobs.file("gate"), "");
  await jobs.redis.server.restart();
  expect(await running).toBe("through");
  expect(await Promise.all(waiting)).toEqual(waiting.map((_, index) => index + 1));
  expect(await meanwhile).toBe(101);
});

test(`a caller that is killed: its jobs run, and whoever submits them again gets what came of them${skipped}`, async () => {
  const caller = await startProgram("caller", jobs.file("marks"));
  await kill(caller);
  await using _worker = jobs.openWorker();
  await using executor = jobs.openExecutor();
  const again = ["one", "two", "three"].map((line) =>
    executor.submit(work.mark, [jobs.file("marks"), line], { jobId: `caller-${line}` }),
  );
  expect(await Promise.all(again)).toEqual(["one", "two", "three"]);
  expect(jobs.lines("marks")).toEqual(["one", "two", "three"]);
});
