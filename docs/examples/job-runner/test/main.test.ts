import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gone } from "@trestle-tooling/programs/gone";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT } from "@trestle-tooling/programs/running";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const { start, run } = programIn(import.meta.url);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "job-runner-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes a job file, and gives the words that name it. */
async function fileWith(...jobs: readonly object[]): Promise<string[]> {
  const file = path.join(folder, "jobs.json");
  await writeFile(file, JSON.stringify({ jobs }));
  return ["--jobs", file];
}

function shell(name: string, line: string, more: object = {}): object {
  return { name, kind: "command", command: ["sh", "-c", line], ...more };
}

/** Starts something that does not end by itself, and has a file "pid" when it runs. */
const ENDLESS = "sleep 600 & echo $! > part; mv part pid; wait";

function withoutTimes(printed: string): string {
  return printed.replaceAll(/ +\d+\.\d s/gu, " TIME");
}

test("runs threads and processes, tells how it goes, and sums up", async () => {
  const text = "some text\n".repeat(1000);
  await writeFile(path.join(folder, "text"), text);
  const words = await fileWith(
    shell("look", "gzip -l packed >/dev/null && echo it is gzip", { needs: ["pack"] }),
    { name: "pack", kind: "compress", file: "text", into: "packed" },
    { name: "hash", kind: "hash", file: "text" },
    { name: "primes", kind: "primes", limit: 1000, needs: ["look"] },
  );
  const { code, stdout, stderr, left } = await run(...words, "--parallel", "1");
  expect(stderr.replace(/became \d+/u, "became FEW")).toBe(`\
start      pack
ok         pack: 10000 bytes became FEW
start      hash
ok         hash: sha256 ${createHash("sha256").update(text).digest("hex")}
start      look
ok         look: it is gzip
start      primes
ok         primes: 168 primes up to 1000
`);
  expect(withoutTimes(stdout)).toMatch(/^look {4}ok {10}1 TIME  it is gzip$/mu);
  expect(stdout.endsWith("\n4 ok.\n")).toBe(true);
  expect({ code, left }).toEqual({ code: 0, left: NOTHING_LEFT });
});

test("a failure ends what runs, and shows what the command had written", async () => {
  const words = await fileWith(
    shell("runs", ENDLESS),
    shell("fails", "until [ -e pid ]; do sleep 0.01; done; echo no such luck >&2; exit 3"),
    shell("needs", "echo never", { needs: ["fails"] }),
    shell("waits", "echo never"),
  );
  const { code, stdout, stderr, left } = await run(...words, "--parallel", "2");
  expect(stderr).toBe(`\
start      runs
start      fails
failed     fails: ended with the code 3
         | no such luck
skipped    needs: needs fails
cancelled  waits: fails has failed
cancelled  runs: fails has failed
`);
  expect(withoutTimes(stdout)).toBe(`\
Job    Result     Tries   Time  Note
-----  ---------  -----  -----  ----
runs   cancelled      1 TIME  fails has failed
fails  failed         1 TIME  ended with the code 3
needs  skipped                  needs fails
waits  cancelled                fails has failed

1 failed, 1 skipped, 2 cancelled.
`);
  expect({ code, left }).toEqual({ code: 1, left: NOTHING_LEFT });
  await gone(Number(await readFile(path.join(folder, "pid"), "utf8")));
});

test("the rest goes on after a failure where that is wanted, and what fails is tried again", async () => {
  const words = await fileWith(
    shell("fails", "exit 3", { retries: 1 }),
    shell("needs", "echo never", { needs: ["fails"] }),
    shell("second", "[ -e tried ] || { : > tried; exit 1; }", { retries: 1 }),
    shell("after", "echo at last", { needs: ["second"] }),
  );
  const { code, stderr, left } = await run(...words, "--parallel", "1", "--keep-going");
  expect(stderr).toBe(`\
start      fails
again      fails: ended with the code 3
failed     fails: ended with the code 3
skipped    needs: needs fails
start      second
again      second: ended with the code 1
ok         second
start      after
ok         after: at last
`);
  expect({ code, left }).toEqual({ code: 1, left: NOTHING_LEFT });
});

test("a deadline ends threads, however they work, and processes", async () => {
  // Each ends because it is asked to: the test would not live to see the end of their grace.
  const times = { timeout: 2000, grace: 600_000 };
  const words = await fileWith(
    { name: "computes", kind: "primes", limit: 2 ** 31 - 1, ...times },
    { name: "blocks", kind: "hash", file: "/dev/zero", ...times },
    { name: "waits", kind: "compress", file: "/dev/zero", into: "packed", ...times },
    shell("runs", "exec sleep 600", times),
  );
  const { code, stdout, left } = await run(...words, "--keep-going", "--parallel", "4");
  for (const name of ["computes", "blocks", "waits", "runs"]) {
    expect(stdout).toMatch(new RegExp(`^${name} +failed .* not done within 2000 ms$`, "mu"));
  }
  expect({ code, left }).toEqual({ code: 1, left: NOTHING_LEFT });
  expect(await readdir(folder)).toEqual(["jobs.json"]);
});

test("Ctrl-C ends children and threads, and the summary is printed all the same", async () => {
  const words = await fileWith(
    { name: "thread", kind: "primes", limit: 2 ** 31 - 1 },
    shell("process", ENDLESS),
    shell("waits", "echo never"),
    shell("needs", "echo never", { needs: ["thread"] }),
  );
  const running = start(...words, "--parallel", "2");
  await vi.waitUntil(() => existsSync(path.join(folder, "pid")), 30_000);
  const { code, stdout, left } = await running.endBy("SIGINT");
  expect(withoutTimes(stdout)).toBe(`\
Job      Result     Tries   Time  Note
-------  ---------  -----  -----  ----
thread   cancelled      1 TIME  SIGINT
process  cancelled      1 TIME  SIGINT
waits    cancelled                SIGINT
needs    cancelled                SIGINT

4 cancelled.
`);
  expect({ code, left }).toEqual({ code: 130, left: NOTHING_LEFT });
  await gone(Number(await readFile(path.join(folder, "pid"), "utf8")));
});

test("SIGTERM does the same, with a code of its own", async () => {
  const running = start(...(await fileWith(shell("process", ENDLESS))));
  await vi.waitUntil(() => existsSync(path.join(folder, "pid")), 30_000);
  const { code, stdout, left } = await running.endBy("SIGTERM");
  expect(stdout).toMatch(/^process {2}cancelled .* SIGTERM$/mu);
  expect({ code, left }).toEqual({ code: 143, left: NOTHING_LEFT });
});

test.each([
  [["--parallel", "0"], 'Cannot use --parallel "0": it takes a whole number from 1 to 9999.\n'],
  [["--parallel", "two"], 'Cannot use --parallel "two": it takes a whole number'],
  [["--unknown"], "Unknown option '--unknown'"],
  [["jobs.json"], "Unexpected argument 'jobs.json'"],
  [["--jobs", "no/such/file"], 'Cannot read "no/such/file": there is no such file.\n'],
  [["--jobs", "/"], 'Cannot read "/": EISDIR.\n'],
])("%j is told to be wrong", async (words, message) => {
  const { stderr, ...ended } = await run(...words);
  expect(ended).toEqual({ code: 2, signal: null, stdout: "", left: NOTHING_LEFT });
  expect(stderr).toContain(message);
});

test("a file that makes no sense is told before anything runs", async () => {
  const words = await fileWith(shell("a", ": > made"), shell("b", "true", { needs: ["c"] }));
  const { stderr, ...ended } = await run(...words);
  expect(ended).toEqual({ code: 2, signal: null, stdout: "", left: NOTHING_LEFT });
  expect(stderr).toBe(
    `Cannot use "${words[1]}": jobs[1].needs of "b" names "c", and there is no such job.\n`,
  );
  expect(await readdir(folder)).toEqual(["jobs.json"]);
});

test("--help tells how it is called", async () => {
  const ended = await run("--help");
  expect(ended).toMatchObject({ code: 0, stderr: "", left: NOTHING_LEFT });
  expect(ended.stdout).toContain("Usage: job-runner [options]\n");
});
