import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { gone } from "@trestle-tooling/programs/gone";
import { fromPromise, openNursery, run, type Operation } from "trestle";
import { InlineExecutor } from "trestle/executor";
import { MockClock } from "trestle/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attempt, type Attempt } from "../src/attempt.js";
import type { Job } from "../src/job.js";
import { performerOf } from "../src/perform.js";
import { someJob } from "./some-job.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "job-runner-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Does a job, with threads that are none. */
async function performed(job: Job): Promise<string> {
  await using executor = new InlineExecutor();
  return await run(() => performerOf(folder, executor)(job));
}

/** Tries a job whose time is up when it has made a file "ready", however long that takes. */
async function endedWhenReady(job: Job): Promise<Attempt> {
  await using executor = new InlineExecutor();
  const clock = new MockClock();
  const perform = performerOf(folder, executor);
  return await run(
    () =>
      openNursery(function* (nursery): Operation<Attempt> {
        nursery.startSoon(function* (): Operation<void> {
          const ready = path.join(folder, "ready");
          yield* fromPromise(vi.waitUntil(() => existsSync(ready), { timeout: 30_000 }));
          clock.jump(job.timeout);
        });
        return yield* attempt(job, perform);
      }),
    { clock },
  );
}

test("a command runs in the folder of its job, and its last line is told", async () => {
  const command = ["sh", "-c", "echo first > here; echo second; printf 'last\n\n'"];
  expect(await performed(someJob("a", { command }))).toBe("last");
  expect(await readFile(path.join(folder, "here"), "utf8")).toBe("first\n");
});

test("a deadline ends a process that is not willing, with all that it has started", async () => {
  // Who ignores a signal hands that on to those whom it starts.
  const line = "trap '' TERM; sleep 600 & echo $$ $!; : > ready; wait";
  const job = someJob("a", { command: ["sh", "-c", line], timeout: 1000, grace: 50 });
  const result = await endedWhenReady(job);
  expect(result).toEqual({
    isGood: false,
    note: "not done within 1000 ms",
    output: expect.stringMatching(/^\d+ \d+$/u),
  });
  if (result.isGood) return;
  await Promise.all(result.output.split(" ").map((pid) => gone(Number(pid))));
});

test("a process that ends when it is asked to is waited for, and its last words are kept", async () => {
  const line = "trap 'echo bye; exit 0' TERM; echo begun; : > ready; sleep 600 & wait";
  const job = someJob("a", { command: ["sh", "-c", line], timeout: 1000, grace: 60_000 });
  expect(await endedWhenReady(job)).toEqual({
    isGood: false,
    note: "not done within 1000 ms",
    output: "begun\nbye",
  });
});

test("threads count, hash and compress, by the folder of the job", async () => {
  const text = "some text\n".repeat(1000);
  await writeFile(path.join(folder, "text"), text);
  expect(await performed(someJob("a", { kind: "primes", limit: 100 }))).toBe("25 primes up to 100");
  const sha256 = createHash("sha256").update(text).digest("hex");
  expect(await performed(someJob("a", { kind: "hash", file: "text" }))).toBe(`sha256 ${sha256}`);
  const compress = someJob("a", { kind: "compress", file: "text", into: "packed" });
  expect(await performed(compress)).toMatch(/^10000 bytes became \d+$/u);
  const packed = await readFile(path.join(folder, "packed"));
  expect(gunzipSync(packed).toString()).toBe(text);
});
